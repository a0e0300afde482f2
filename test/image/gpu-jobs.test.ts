import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaintsOf } from '../end-to-end/support/media-checks.ts';
import { Service } from '../end-to-end/support/service.ts';
import { type AskedEncoder, DRIVER, type StandInEnvironment } from '../gpu/support/stand-in.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { mediaFacts, startsOfKeyframes } from '../support/clips/media-facts.ts';
import { within } from '../support/clips/within.ts';
import { describeImage } from './support/image.ts';

const RUN_IMAGE = join(import.meta.dirname, '../../scripts/run-image.mjs');

let folder: string;
let service: Service;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-gpu-'));
  chmodSync(folder, 0o777);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a service whose jobs run in the image on hosts that must have a GPU, whose driver is the stand-in. */
function startOnGpu(standIn: StandInEnvironment, local: NodeJS.ProcessEnv = {}): Promise<Service> {
  const environment = { GPU: 'required', STAND_IN_LOG: '/log/asked.jsonl', ...standIn };
  const options = [
    ...DRIVER.flatMap(({ from, to }) => ['--volume', `${from}:${to}:ro`]),
    ...['--volume', `${folder}:/log`],
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
  const program = join(folder, 'run.mjs');
  writeFileSync(
    program,
    `import { runImage } from ${JSON.stringify(RUN_IMAGE)};\nrunImage(${JSON.stringify(options)});\n`,
  );
  return Service.start({ environment: { OCTET_LOCAL_WORKER: program, ...local } });
}

function asked(): AskedEncoder[] {
  return readFileSync(join(folder, 'asked.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): AskedEncoder => JSON.parse(line));
}

describeImage('a worker in the image, on a host with a GPU', () => {
  beforeAll(async () => {
    service = await startOnGpu({ STAND_IN_GPU: 'L4' });
  });
  afterAll(() => service?.stop());

  it('does a whole job with the GPU', async () => {
    const url = await service.publish(await clipPath('rotated-phone.mp4'));
    const outputs = [
      { codec: 'h264', resolution: '-1x-1', preset: 'slow', cq: 21, dest_path: 'same.mp4' },
      {
        codec: 'h264',
        resolution: '90x-1',
        rc: 'cbr',
        bitrate_kbps: 200,
        level: '4.1',
        dest_path: 'small.mp4',
      },
    ];
    const job = await service.completed(await service.create({ input: { url }, outputs }));
    expect(job.outputs).toMatchObject([
      { encoder: 'h264_nvenc', width: 180, height: 320, frames: 50 },
      { encoder: 'h264_nvenc', width: 90, height: 160, frames: 50, level: '4.1' },
    ]);
    expect(asked().slice(1)).toMatchObject([
      { preset: 'p6', tuning: 'hq', multiPass: 'full', targetQuality: 21, width: 180, height: 320 },
      { preset: 'p4', rateControl: 'cbr', averageBitrate: 200_000, level: 41, width: 90, height: 160 },
    ]);
    const small = await service.download('small.mp4');
    expect(await mediaFacts(small)).toMatchObject({
      rotation: 0,
      pixFmt: 'yuv420p',
      duration: within(0.05, 2),
    });
    expect(await startsOfKeyframes(small)).toEqual([0]);
  });

  it('decodes in software what the GPU turns out not to decode', async () => {
    // Upright, square, progressive, in BT.709: all of it could stay on the GPU, but the stand-in has no decoder.
    const url = await service.publish(await clipPath('bt709.mp4'));
    const outputs = [{ codec: 'h264', resolution: '160x90', dest_path: 'plain.mp4' }];
    const job = await service.completed(await service.create({ input: { url }, outputs }));
    expect(job.outputs).toMatchObject([{ encoder: 'h264_nvenc', width: 160, height: 90 }]);
  });
});

describeImage('workers in the image, on hosts with a GPU,', () => {
  it.each(['long-b-frames.mp4', 'long-variable-rate.mp4', 'long-start-offset.mkv'] as const)(
    'do %s in parts, of which packaging makes one file',
    async (name) => {
      const split = await startOnGpu({ STAND_IN_GPU: 'L4' }, { OCTET_LOCAL_SPLIT: '3' });
      try {
        const url = await split.publish(await clipPath(name));
        const outputs = [{ codec: 'h264', resolution: '160x90', dest_path: 'parts.mp4' }];
        const job = await split.completed(await split.create({ input: { url }, outputs }));
        expect(job.outputs).toMatchObject([{ encoder: 'h264_nvenc' }]);
        const [made, source] = [await split.download('parts.mp4'), await clipPath(name)];
        const [{ frameTimes }, { frameTimes: expected }] = [await mediaFacts(made), await mediaFacts(source)];
        const [start = 0] = expected;
        expect(frameTimes).toEqual(expected.map((time) => within(0.001, time - start)));
        expect(await startsOfKeyframes(made)).toEqual([0, 2, 4, 6, 8].map((time) => within(0.06, time)));
        expect(await complaintsOf(made)).toBe('');
      } finally {
        await split.stop();
      }
    },
  );
});

describeImage('a worker in the image, on a host whose GPU does not work,', () => {
  it('gives the job back, which is tried on three hosts before it fails', async () => {
    const broken = await startOnGpu({ STAND_IN_FAILURE: 'no-session' });
    try {
      const url = await broken.publish(await clipPath('h264.mp4'));
      const outputs = [{ codec: 'h264', resolution: '-1x-1', dest_path: 'none.mp4' }];
      const job = await broken.ended(await broken.create({ input: { url }, outputs }));
      expect(job).toMatchObject({
        status: 'error',
        error: { code: 'infrastructure', message: expect.stringContaining('tried 3 times'), retryable: true },
      });
    } finally {
      await broken.stop();
    }
  });
});
