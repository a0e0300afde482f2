import { expect, it } from 'vitest';
import { examineHost } from '../../../batch-image/worker/host.ts';
import { HostUnfitError } from '../../../batch-image/worker/host-unfit-error.ts';
import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { forever, usePrograms } from './programs.ts';

const program = usePrograms();
const neverAborted = new AbortController().signal;
const version = (text: string) => `if (first === '-version') console.log(${JSON.stringify(text)});`;

function examine(ffmpeg: string, signal = neverAborted) {
  return examineHost({ ffmpeg, ffprobe: 'ffprobe', environment: {} }, signal);
}

it('finds an encoder on this machine', async () => {
  const tools = findFfmpeg(process.env);
  const environment = { ...process.env, ...tools.environment };
  expect(await examineHost({ ...tools, environment }, neverAborted)).toEqual({
    encoder: 'libx264',
    features: { fpsMode: expect.any(Boolean) },
  });
});

it.each([
  ['libavcodec     58. 35.100 / 58. 35.100', false],
  ['libavcodec     59. 37.100 / 59. 37.100', true],
  ['libavcodec     61. 19.101 / 61. 19.101', true],
])('reads from %j whether it knows -fps_mode: %s', async (text, fpsMode) => {
  expect((await examine(program(version(text)))).features).toEqual({ fpsMode });
});

it.each([
  ['is not there', () => '/no/such/ffmpeg', 'ENOENT'],
  ['does not run', () => program("console.error('no libcuda.so'); process.exit(127)"), 'no libcuda.so'],
  [
    'cannot encode',
    () =>
      program(`${version('libavcodec 61. 19.101')} else { console.error('no encoder'); process.exit(1) }`),
    'no encoder',
  ],
  ['is killed', () => program("process.kill(process.pid, 'SIGKILL')"), 'was killed'],
])('calls the host unfit when its ffmpeg %s', async (_, path, reason) => {
  const examined = examine(path());
  await expect(examined).rejects.toBeInstanceOf(HostUnfitError);
  await expect(examined).rejects.toThrow(reason);
});

it('does not call the host unfit because it was told to end', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const examined = examine(program(forever), abort.signal);
  setImmediate(() => abort.abort(reason));
  await expect(examined).rejects.toBe(reason);
});
