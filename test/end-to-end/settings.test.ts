import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutputWords } from '../../domain/request/output.ts';
import { INTERPOLATIONS, PRESETS } from '../../domain/request/output.ts';
import { findFfmpeg } from '../../local/ffmpeg.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { mediaFacts, startsOfKeyframes, streamFacts } from '../support/clips/media-facts.ts';
import { encoded, type MakeClip } from '../support/clips/recipe.ts';
import { h264, picture } from '../support/clips/sources.ts';
import { within } from '../support/clips/within.ts';
import { type H264Headers, h264Headers } from './support/h264-headers.ts';
import { Service } from './support/service.ts';

const tools = findFfmpeg(process.env);

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());

type Words = Partial<OutputWords>;

/** Makes an output of each words in one job. @returns their files, in the same order */
async function made(name: string, source: string, outputs: readonly Words[]): Promise<string[]> {
  const paths = outputs.map((_, index) => `${name}/${index}.mp4`);
  const jobId = await service.create({
    input: { url: await service.publish(source, `${name}-source`) },
    outputs: outputs.map((words, index) => ({
      codec: 'h264',
      resolution: '160x90',
      preset: 'hp',
      dest_path: paths[index],
      ...words,
    })),
  });
  await service.completed(jobId);
  return Promise.all(paths.map((path) => service.download(path)));
}

async function newClip(name: string, make: MakeClip): Promise<string> {
  const path = join(service.dataDir, name);
  await make(path, tools);
  return path;
}

describe('an output', () => {
  const cases: [Words, Partial<H264Headers>][] = [
    [{}, { profileIdc: 100, isCabac: true }],
    [{ profile: 'baseline' }, { profileIdc: 66, isCabac: false }],
    [{ profile: 'main' }, { profileIdc: 77, isCabac: true }],
    [{ profile: 'high' }, { profileIdc: 100, isCabac: true }],
    [
      { profile: 'main', coder: 'cavlc' },
      { profileIdc: 77, isCabac: false },
    ],
    [
      { profile: 'high', coder: 'cavlc' },
      { profileIdc: 100, isCabac: false },
    ],
    [
      { profile: 'high', coder: 'cabac' },
      { profileIdc: 100, isCabac: true },
    ],
    [{ level: 4 }, { levelIdc: 40 }],
    [{ level: '4.0' }, { levelIdc: 40 }],
    [{ level: '4.1' }, { levelIdc: 41 }],
    [{ level: 4.2 }, { levelIdc: 42 }],
    [{ level: 5 }, { levelIdc: 50 }],
    [{ level: '5.1' }, { levelIdc: 51 }],
    // The lowest whose 1485 macroblocks a second suffice for 60 of them at 25 frames/s: table A-1 of H.264.
    [{ level: 'auto', profile: 'baseline' }, { levelIdc: 11 }],
    [
      { preset: 'slow', profile: 'main', level: '4.2', coder: 'cavlc' },
      { profileIdc: 77, levelIdc: 42 },
    ],
    [
      { preset: 'll', level: '5.1', coder: 'cavlc' },
      { profileIdc: 100, levelIdc: 51, isCabac: false },
    ],
  ];
  let files: string[];
  beforeAll(async () => {
    files = await made('syntax', await clipPath('h264.mp4'), words(cases));
  });
  it.each(indexed(cases))('of %j has headers that say %j', async (_words, expected, index) => {
    expect(await h264Headers(files[index] ?? '')).toMatchObject(expected);
  });
});

describe('the picture of an output', () => {
  const cases: [Words, string][] = [
    [{ resolution: '-1x-1' }, '320x180'],
    [{ resolution: '640x360' }, '640x360'],
    [{ resolution: '640x-1' }, '640x360'],
    [{ resolution: '-1x360' }, '640x360'],
    // 53.4 and 177.8, whose nearest whole numbers are odd.
    [{ resolution: '94x-1' }, '94x52'],
    [{ resolution: '-1x98' }, '174x98'],
    [{ resolution: '160x160' }, '160x160'],
    [{ resolution: '90x160' }, '90x160'],
  ];
  let files: string[];
  beforeAll(async () => {
    files = await made('sizes', await clipPath('h264.mp4'), words(cases));
  });
  it.each(indexed(cases))('with %j has %s pixels, all square', async (_words, size, index) => {
    const { width, height, sampleAspectRatio } = await streamFacts(files[index] ?? '');
    expect({ size: `${width}x${height}`, sampleAspectRatio }).toEqual({ size, sampleAspectRatio: 1 });
  });
});

describe('keyframes', () => {
  const seconds = 7;
  const outputs: Words[] = [
    {},
    { preset: 'slow', resolution: '320x180', bitrate_kbps: 200 },
    { preset: 'll', profile: 'baseline', rc: 'cbr', bitrate_kbps: 100 },
    { preset: 'fast', qp: 30, level: '4.1' },
  ];
  const regular = (rate: string) => encoded([picture({ rate, seconds })], h264);
  /** 41 frames, with gaps that grow from 26 to 300 ms. */
  const irregular = encoded(
    [`${picture({ seconds })},settb=1/1000,setpts=40*N+3*N*N+17*mod(N\\,3)`],
    `${h264} -bf 0 -frames:v 41 -enc_time_base 1/1000`,
  );
  it.each<[string, string, MakeClip]>([
    ['25 frames/s', '25.mkv', regular('25')],
    ['24000/1001 frames/s', '23-976.mkv', regular('24000/1001')],
    ['frames that come unevenly', 'uneven.mkv', irregular],
  ])('come every 2 s, at the same times in every output, with %s', async (_name, file, make) => {
    const source = await newClip(file, make);
    const firsts = firstOfEach2Seconds((await mediaFacts(source)).frameTimes);
    expect(firsts).toHaveLength(4);
    for (const path of await made(`keyframes-${file}`, source, outputs)) {
      expect(await startsOfKeyframes(path)).toEqual(firsts.map((time) => within(0.001, time)));
    }
  });
});

function firstOfEach2Seconds(times: readonly number[]): number[] {
  return times.filter((time, n) => n === 0 || Math.floor(time / 2) > Math.floor((times[n - 1] ?? 0) / 2));
}

describe('of a clip of 20 s, an output', () => {
  const seconds = 20;
  const rates: Words[] = [
    { rc: 'vbr', bitrate_kbps: 800 },
    { rc: 'vbr_hq', bitrate_kbps: 500 },
    { rc: 'cbr', bitrate_kbps: 800 },
    { rc: 'cbr_hq', bitrate_kbps: 500 },
    { rc: 'cbr', bitrate_kbps: 600, preset: 'llhp' },
    { bitrate_kbps: 600, profile: 'baseline' },
  ];
  const qualities: Words[] = [{ cq: 20 }, { cq: 30 }, { cq: 40 }];
  let files: string[];
  beforeAll(async () => {
    const busy = `${picture({ seconds })},noise=all_strength=20:all_flags=t`;
    const source = await newClip('busy.mp4', encoded([busy], h264));
    files = await made(
      'rates',
      source,
      [...rates, ...qualities].map((each) => ({ resolution: '320x180', ...each })),
    );
  });
  const kbps = async (path = '') => ((await stat(path)).size * 8) / 1000 / seconds;
  it.each(rates.map((each, index) => [each, index] as const))(
    'with %j has that bitrate',
    async (each, index) => {
      const wanted = Number(each.bitrate_kbps);
      expect(await kbps(files[index])).toEqual(within(wanted / 10, wanted));
    },
  );
  it('is the smaller, the higher its cq is', async () => {
    const [best = 0, middle = 0, worst = 0] = await Promise.all(files.slice(rates.length).map(kbps));
    expect(middle).toBeLessThan(best);
    expect(worst).toBeLessThan(middle);
  });
});

describe('an output with a constant qp', () => {
  const cases: [Words, number][] = [
    [{ qp: 20 }, 20],
    [{ qp: 35, preset: 'slow' }, 35],
    [{ rc: 'constqp', qp: 51, preset: 'll' }, 51],
    [{ rc: 'constqp', profile: 'baseline', qp: 1 }, 1],
    // x264's 0 is lossless, for which none of the profiles is enough.
    [{ qp: 0 }, 1],
    [{ rc: 'constqp' }, 23],
  ];
  let files: string[];
  beforeAll(async () => {
    files = await made('qps', await clipPath('h264.mp4'), words(cases));
  });
  it.each(indexed(cases))('of %j has QP %d in every frame', async (_words, qp, index) => {
    const { sliceQps } = await h264Headers(files[index] ?? '');
    expect(sliceQps.length).toBeGreaterThanOrEqual(50);
    expect(new Set(sliceQps)).toEqual(new Set([qp]));
  });
});

it('makes something else of every preset and every interpolation', async () => {
  const outputs = [
    ...PRESETS.map((preset) => ({ preset })),
    ...INTERPOLATIONS.map((scale_interp_algo) => ({ scale_interp_algo, resolution: '200x-1' })),
  ];
  const files = await made('presets', await clipPath('h264.mp4'), outputs);
  const sizes = await Promise.all(files.map(async (path) => (await stat(path)).size));
  // hq is libx264's slow, too.
  expect(new Set(sizes).size).toBe(outputs.length - 1);
});

it('refuses a level that is too low for what this input comes to, before anything is made', async () => {
  const answer = await service.call('POST', '/v0/jobs/create', {
    input: { url: await service.publish(await clipPath('h264.mp4')) },
    destination: service.destination(),
    outputs: [{ codec: 'h264', resolution: '-1x2160', level: '4.1', dest_path: 'too-big.mp4' }],
  });
  expect(answer).toMatchObject({
    status: 422,
    body: {
      code: 'settings_rejected_by_encoder',
      errors: [{ path: 'outputs[0].level', message: expect.stringContaining('use a higher level or auto') }],
    },
  });
});

function words(cases: readonly (readonly [Words, unknown])[]): Words[] {
  return cases.map(([each]) => each);
}

/** With the place of each case's file. */
function indexed<T>(cases: readonly (readonly [Words, T])[]): [Words, T, number][] {
  return cases.map(([each, expected], index) => [each, expected, index]);
}
