import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OutputResource } from '../../domain/job/job-resource.ts';
import { clipPath, longClipNames } from '../support/clips/clip-path.ts';
import type { LongClipName } from '../support/clips/clips.ts';
import { mediaFacts } from '../support/clips/media-facts.ts';
import { within } from '../support/clips/within.ts';
import { complaintsOf } from './support/media-checks.ts';
import { Service } from './support/service.ts';
import { mean, similarities } from './support/similarity.ts';

/** Its parts begin where no keyframe would stand, so it becomes larger and better. */
const TOO_SHORT = 'few-keyframes.mkv';

const names = (await longClipNames()).filter((name) => name !== TOO_SHORT);

const CHILDREN = 4;

/** Frames before and after the first one of a part. */
const AROUND = 6;

let whole: Service;
let split: Service;

beforeAll(async () => {
  [whole, split] = await Promise.all([
    Service.start(),
    Service.start({ environment: { OCTET_LOCAL_SPLIT: String(CHILDREN) } }),
  ]);
});
afterAll(() => Promise.all([whole?.stop(), split?.stop()]));

interface Conversion {
  /** Seconds at which the parts begin, but for the first. */
  readonly seams: readonly number[];
  readonly output: OutputResource | undefined;
  readonly path: string;
}

async function convert(service: Service, name: LongClipName): Promise<Conversion> {
  const url = await service.publish(await clipPath(name));
  const dest_path = `${name}.mp4`;
  const outputs = [{ codec: 'h264', resolution: '-1x-1', preset: 'hp', cq: 23, dest_path }];
  const job = { input: { url }, outputs, destination: service.destination() };
  const { body: plan } = await service.call('POST', '/v0/jobs/plan', job);
  const [, ...seams] = plan.chunks.map(({ start }: { start: number }) => start);
  const { outputs: made } = await service.completed(await service.create(job));
  return { seams, output: made[0], path: await service.download(dest_path) };
}

/** Converts a clip in both ways, which must give the same frames at the same times. */
async function convertTwice(name: LongClipName) {
  const [one, four] = await Promise.all([convert(whole, name), convert(split, name)]);
  expect(one.seams).toEqual([]);
  expect(four.seams).toHaveLength(CHILDREN - 1);
  const [expected, found] = await Promise.all([mediaFacts(one.path), mediaFacts(four.path)]);
  const { frameTimes } = expected;
  expect(found).toEqual({ ...expected, frameTimes: frameTimes.map((time) => within(0.001, time)) });
  expect(await complaintsOf(four.path)).toBe('');
  return { one, four, frameTimes };
}

it.concurrent.each(names)('%s comes out of four machines as out of one', async (name) => {
  const { one, four, frameTimes } = await convertTwice(name);
  const size = one.output?.size ?? 0;
  expect(four.output?.size).toEqual(within(0.05 * size, size));
  const source = await clipPath(name);
  const [before, after] = await Promise.all([
    similarities(one.path, source),
    similarities(four.path, source),
  ]);
  expect(before).toHaveLength(frameTimes.length);
  expect(mean(after)).toEqual(within(0.002, mean(before)));
  // The time line of a Matroska file that starts late is longer than the video, whose last part then has no frames.
  const firsts = four.seams.map((seam) => frameTimes.findIndex((time) => time >= seam));
  for (const first of firsts.filter((index) => index !== -1)) {
    const around = (values: readonly number[]) => mean(values.slice(first - AROUND, first + AROUND));
    expect(around(after)).toEqual(within(0.002, around(before)));
  }
});

it('finds every frame once although its time is rounded to the other side of a cut', async () => {
  await convertTwice(TOO_SHORT);
});
