import { expect, it } from 'vitest';
import { gpuSpeeds } from '../../../domain/plan/gpu-speeds.ts';
import { ASSUMED, type Assumptions, NO_OVERHEAD } from '../../../local/simulation/assumptions.ts';
import { clips } from '../../../local/simulation/clips.ts';
import { type FleetWords, fleetOf, ladderOf, sourceOf } from '../../../local/simulation/inputs.ts';
import { type SimulatedJob, simulate } from '../../../local/simulation/simulation.ts';

const HOUR_S = 3600;
const FRAMES = HOUR_S * 30;
const T4 = gpuSpeeds('T4');

/** Cuts are 5 ms before the frame that is meant, so the last part has as much more, in frames. */
const EARLY = 0.005 * 30;

/** An hour of 1080p, of which only the largest size is made. */
const hour: SimulatedJob = {
  created: 0,
  order: { source: sourceOf(HOUR_S), renditions: ladderOf('medium').slice(0, 1) },
};

/** Of T4s, which have one encoder. */
function run(
  jobs: readonly SimulatedJob[],
  assumed: Assumptions,
  {
    warm = true,
    spot = false,
    seed = 1,
    ...words
  }: Partial<FleetWords> & Partial<Parameters<typeof simulate>[1]> = {},
) {
  const fleet = fleetOf({ gpu: 'T4', gpus: 1, ...words, assumed });
  return simulate(jobs, { fleet, assumed, warm, spot, seed });
}

it('takes frames / fps exactly on one GPU where nothing else takes time', () => {
  const seconds = FRAMES / T4.encode_fps.medium;
  const { turnarounds, gpu_busy_s } = run([hour], NO_OVERHEAD);
  expect(turnarounds).toEqual([seconds]);
  expect(gpu_busy_s).toBe(seconds);
});

it('takes half of that on two encoders', () => {
  const [seconds] = run([hour], NO_OVERHEAD, { engines: 2 }).turnarounds;
  expect(seconds).toBeCloseTo((FRAMES / 2 + EARLY) / T4.encode_fps.medium, 6);
});

it('takes a quarter of it on four GPUs', () => {
  const [seconds] = run([hour], NO_OVERHEAD, { gpus: 4 }).turnarounds;
  expect(seconds).toBeCloseTo((FRAMES / 4 + EARLY) / T4.encode_fps.medium, 6);
});

const byHand: Assumptions = {
  ...NO_OVERHEAD,
  submits_per_s: 50,
  dispatch_s: 5,
  gpu_boot_s: 150,
  packager_boot_s: 90,
  pull_s: 40,
  start_s: 6,
  package_bytes_per_s: 100e6,
};
const WHOLE_S = FRAMES / T4.encode_fps.medium;
const PART_S = (FRAMES / 4 + EARLY) / T4.encode_fps.medium;
/** 4500 kbit/s for an hour, at 100 MB/s. */
const PACKAGE_S = 20.25;

it.each([
  ['unsplit on a warm machine', { gpus: 1 }, 5 + 6 + WHOLE_S + PACKAGE_S],
  ['unsplit on a cold machine', { gpus: 1, warm: false }, 5 + 190 + 6 + WHOLE_S + PACKAGE_S],
  ['split on warm machines', { gpus: 4 }, 5 + 6 + PART_S + 5 + 6 + PACKAGE_S],
  ['split on cold machines', { gpus: 4, warm: false }, 5 + 190 + 6 + PART_S + 5 + 130 + 6 + PACKAGE_S],
])('takes what is computed by hand with all that takes time, %s', (_, words, seconds) => {
  const [turnaround] = run([hour], byHand, words).turnarounds;
  expect(turnaround).toBeCloseTo(seconds, 6);
});

it('submits no more jobs in a second than Batch allows', () => {
  const { turnarounds } = run(
    clips(100, 1, () => 0),
    { ...NO_OVERHEAD, submits_per_s: 50 },
    { gpus: 100 },
  );
  const encoding = run(
    clips(100, 1, () => 0),
    NO_OVERHEAD,
    { gpus: 100 },
  ).turnarounds;
  for (const [index, seconds] of turnarounds.entries()) {
    expect(seconds).toBeCloseTo((encoding[index] ?? 0) + index / 50, 6);
  }
});

it('begins again what was lost with a Spot instance', () => {
  const often = { ...ASSUMED, losses_per_hour: 20 };
  const lucky = run([hour], often, { gpus: 4 });
  const unlucky = run([hour], often, { gpus: 4, spot: true });
  expect(unlucky.losses).toBeGreaterThan(0);
  expect(unlucky.end).toBeGreaterThan(lucky.end);
  expect(unlucky.gpu_busy_s).toBeGreaterThan(lucky.gpu_busy_s);
});

it('is the same for the same seed, and another for another one', () => {
  const jobs = clips(50, 1, (index) => index);
  const runOf = (seed: number) => run(jobs, ASSUMED, { gpus: 4, seed });
  expect(runOf(1)).toEqual(runOf(1));
  expect(runOf(2)).not.toEqual(runOf(1));
});
