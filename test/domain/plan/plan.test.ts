import { expect, it } from 'vitest';
import { planJob, spansOf, UNSPLIT } from '../../../domain/plan/plan.ts';
import { fleetWith } from '../../support/fleet.ts';
import { fleetOf, hostWith, inputOf, ONE_FULL_HD, renditionsOf } from './support/planning.ts';

const HOUR = 3600;
const ladder = [
  ['1920x1080', 5000],
  ['1280x720', 2800],
  ['854x480', 1400],
  ['640x360', 800],
].map(([resolution, bitrate_kbps]) => ({ resolution, bitrate_kbps, preset: 'medium' }));

it('expects frames / fps on one GPU where nothing else takes time', () => {
  const { plan, expected } = planJob(inputOf(HOUR), ONE_FULL_HD, fleetOf());
  expect(plan).toEqual(UNSPLIT);
  expect(expected?.seconds).toBeCloseTo((HOUR * 30) / 300, 1);
  expect(expected?.usd).toBeCloseTo((HOUR * 30) / 300, 1);
});

it('expects what is computed by hand of a split job with all that takes time', () => {
  // 108,000 frames at 300 a second are 360 s; by 4 workers 90 s each. 8000 kbit/s are 3.6 GB, at 100 MB/s 36 s.
  const fleet = fleetOf({ hosts: 4, start_s: 8, package_bytes_per_s: 100e6 });
  const { plan, expected } = planJob(inputOf(HOUR), ONE_FULL_HD, fleet);
  expect(plan.children).toBe(4);
  expect(expected).toEqual({
    seconds: expect.closeTo(8 + 90 + 8 + 36, 6),
    encoding_seconds: expect.closeTo(360 + 4 * 8, 6),
    usd: expect.closeTo(360 + 4 * 8, 6),
    fastest_children: 4,
  });
});

it.each([
  ['a job that is quick anyway', inputOf(600), {}, {}, 1],
  ['one that is a little longer', inputOf(601), {}, {}, 4],
  ['one without an index', inputOf(HOUR, { container: 'ts' }), {}, {}, 1],
  ['one of unknown length', inputOf(undefined), {}, {}, 1],
  ['one of no length', inputOf(0), {}, {}, 1],
  ['one on a single machine', inputOf(HOUR), { hosts: 1 }, {}, 1],
  ['one on few machines', inputOf(HOUR), { hosts: 5 }, {}, 5],
  ['one on all that are needed', inputOf(HOUR), {}, {}, 18],
  ['one with few workers allowed', inputOf(HOUR), {}, { max_children: 3 }, 3],
  ['one whose spans would be too short', inputOf(HOUR), {}, { min_span_s: 1000 }, 3],
  ['one where starting takes longer than encoding', inputOf(HOUR), { start_s: 400 }, {}, 1],
  ['one where two are wanted and not sooner', inputOf(HOUR), { start_s: 200 }, { target_s: 200 }, 1],
  ['a short one that is to be split', inputOf(12), {}, { children: 4 }, 4],
  ['one that is to be split more than it has frames', inputOf(0.1), {}, { children: 4 }, 3],
  ['one without an index that is to be split', inputOf(12, { container: 'ts' }), {}, { children: 4 }, 1],
])('gives %s to the right number of workers', (_, input, fleet, split, children) => {
  const { plan } = planJob(input, ONE_FULL_HD, fleetOf({ hosts: 100, ...fleet, split }));
  expect(plan.children).toBe(children);
  expect(plan.spans).toHaveLength(children);
});

it('gives each of the workers as many spans as it encodes side by side', () => {
  const fleet = fleetOf({ host: hostWith({ engines: 2 }), hosts: 3 });
  const { plan } = planJob(inputOf(HOUR), renditionsOf(...ladder), fleet);
  expect(plan).toMatchObject({ children: 3, side_by_side: 2 });
  expect(plan.spans).toHaveLength(6);
  expect([0, 1, 2].flatMap((child) => spansOf(plan, child))).toEqual(plan.spans);
});

it('makes no spans side by side that would be too short', () => {
  const fleet = fleetOf({ host: hostWith({ engines: 2 }) });
  expect(planJob(inputOf(59), ONE_FULL_HD, fleet).plan).toEqual(UNSPLIT);
  expect(planJob(inputOf(60), ONE_FULL_HD, fleet).plan).toMatchObject({ children: 1, side_by_side: 2 });
});

it.each([
  ['as many as there are keyframe intervals', 20, {}, 10],
  ['no more than make the longest span shorter', 20, { hosts: 7 }, 5],
  ['one where starting another takes longer than it saves', 20, { start_s: 30 }, 1],
])('tells beyond how many workers a job would not be done sooner: %s', (_, duration, fleet, children) => {
  const host = hostWith({ decode_fps: 30 });
  const { expected } = planJob(
    inputOf(duration),
    ONE_FULL_HD,
    fleetOf({ hosts: 100, host, split: { min_span_s: 2 }, ...fleet }),
  );
  expect(expected?.fastest_children).toBe(children);
});

it('makes an hour of 1080p in four sizes within a minute on 16 L4s that package quickly', () => {
  const fleet = { ...fleetWith(), package_bytes_per_s: 250e6 };
  const { plan, expected } = planJob(inputOf(HOUR), renditionsOf(...ladder), fleet);
  expect(plan.children).toBe(16);
  expect(expected?.seconds).toBeLessThan(60);
});
