import { expect, it } from 'vitest';
import { examineHost } from '../../../batch-image/worker/host.ts';
import { HostUnfitError } from '../../../batch-image/worker/host-unfit-error.ts';
import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { forever, usePrograms } from './programs.ts';

const program = usePrograms();
const neverAborted = new AbortController().signal;
const version = (text: string) => `if (first === '-version') console.log(${JSON.stringify(text)});`;

/** An ffmpeg that has these encoders. */
const withEncoders = (...encoders: string[]) =>
  `${version('libavcodec 61. 19.101')} else {
    const encoder = process.argv[process.argv.indexOf('-c:v') + 1];
    if (!${JSON.stringify(encoders)}.includes(encoder)) { console.error('no ' + encoder); process.exit(1) }
  }`;

function examine(ffmpeg: string, signal = neverAborted, isGpuRequired = false) {
  return examineHost({ tools: { ffmpeg, ffprobe: 'ffprobe', environment: {} }, isGpuRequired }, signal);
}

it('finds an encoder on this machine', async () => {
  const tools = findFfmpeg(process.env);
  const environment = { ...process.env, ...tools.environment };
  const question = { tools: { ...tools, environment }, isGpuRequired: false };
  expect(await examineHost(question, neverAborted)).toMatchObject({
    encoder: expect.stringMatching('libx264|h264_nvenc'),
    features: { fpsMode: expect.any(Boolean), movieTimescale: expect.any(Boolean) },
  });
});

it.each([
  ['libavcodec     58. 35.100 / 58. 35.100', false],
  ['libavcodec     59. 37.100 / 59. 37.100', true],
  ['libavcodec     61. 19.101 / 61. 19.101', true],
])('reads from %j whether it knows -fps_mode: %s', async (text, fpsMode) => {
  expect((await examine(program(version(text)))).features.fpsMode).toBe(fpsMode);
});

it.each<[string, string[], boolean]>([
  ['h264_nvenc', ['libx264', 'h264_nvenc'], false],
  ['h264_nvenc', ['libx264', 'h264_nvenc'], true],
  ['libx264', ['libx264'], false],
])('takes %s where %j work and a GPU is required: %s', async (encoder, encoders, isGpuRequired) => {
  const host = await examine(program(withEncoders(...encoders)), neverAborted, isGpuRequired);
  expect(host.encoder).toBe(encoder);
});

it('calls a host unfit that lacks the GPU it is paid for', async () => {
  const examined = examine(program(withEncoders('libx264')), neverAborted, true);
  await expect(examined).rejects.toBeInstanceOf(HostUnfitError);
  await expect(examined).rejects.toThrow('no h264_nvenc');
});

it.each([
  ['is not there', () => '/no/such/ffmpeg', 'ENOENT'],
  ['does not run', () => program("console.error('no libcuda.so'); process.exit(127)"), 'no libcuda.so'],
  ['cannot encode', () => program(withEncoders()), 'no libx264'],
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
