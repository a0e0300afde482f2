import { expect, it } from 'vitest';
import { type EncodeJob, encode } from '../../../batch-image/worker/encode.ts';
import { mediaSource } from '../../domain/media/sources.ts';
import { forever, usePrograms } from './programs.ts';

const program = usePrograms();

function encodeWith(code: string, more: Partial<EncodeJob> = {}): Promise<number> {
  return encode({
    tools: { ffmpeg: program(code), ffprobe: 'ffprobe', environment: {} },
    host: { encoder: 'libx264', gpu: undefined, features: { fpsMode: true, movieTimescale: true } },
    url: 'http://127.0.0.1:9/input',
    source: mediaSource(),
    files: [],
    signal: new AbortController().signal,
    onProgress: () => {},
    ...more,
  });
}

const report = (frames: string) =>
  `console.log('frame=' + ${frames} + '\\nfps=0.0\\nout_time_us=0\\nspeed=1x\\nprogress=continue');`;

it('gives up on an input of which no more pictures come', async () => {
  const stuck = `setInterval(() => { ${report('7')} }, 10);`;
  await expect(encodeWith(stuck, { stallMs: 200 })).rejects.toMatchObject({
    code: 'input_corrupt',
    message: expect.stringContaining('Not one more picture of the input came'),
  });
});

it('gives up on an ffmpeg that says nothing at all', async () => {
  await expect(encodeWith(forever, { stallMs: 100 })).rejects.toMatchObject({ code: 'input_corrupt' });
});

it('waits for one that is slow', async () => {
  const slow = `let frames = 0; const timer = setInterval(() => {
    frames += 1; ${report('frames')} if (frames === 20) clearInterval(timer);
  }, 100);`;
  expect(await encodeWith(slow, { stallMs: 1800 })).toBe(20);
});
