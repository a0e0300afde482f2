import type { Preset } from '../../domain/request/output.ts';
import { ASSUMED, type Assumptions, priceOf } from './assumptions.ts';
import { type FleetWords, fleetOf, ladderOf, sourceOf } from './inputs.ts';
import { workOf } from './job-work.ts';
import { type Turnaround, turnaroundOf } from './percentile.ts';
import { type Run, simulate } from './simulation.ts';

const HOUR_S = 3600;

/** How often an hour is simulated, each time with other luck. */
const RUNS = 101;

export const GPU_COUNTS: readonly number[] = [1, 2, 4, 8, 16, 32, 64];

/** An hour of 1080p, made into a ladder, on a fleet that has nothing else to do. */
export interface HourWords extends Partial<FleetWords> {
  readonly seed: number;
  readonly preset?: Preset;
  readonly frame_rate?: number;
  readonly warm?: boolean;
  readonly spot?: boolean;
}

export interface HourRuns extends Turnaround {
  readonly workers: number;
  /** What the planner expects: on machines that run and have nothing else to do, without Batch's part. */
  readonly expected_s: number;
  /** For the seconds in which the job's containers run. */
  readonly usd: number;
  /** For all that a fleet costs that starts for this job and waits for another one in vain; 0 for a warm one. */
  readonly usd_alone: number;
}

export function simulateHours(words: HourWords): HourRuns {
  const { seed, preset = 'medium', frame_rate, warm = true, spot = false } = words;
  const { gpu = 'L4', gpus = 16, assumed = ASSUMED } = words;
  const fleet = fleetOf({ ...words, gpu, gpus, assumed });
  const order = { source: sourceOf(HOUR_S, frame_rate), renditions: ladderOf(preset) };
  const runs = Array.from({ length: RUNS }, (_, run) =>
    simulate([{ created: 0, order }], { fleet, assumed, warm, spot, seed: seed + run }),
  );
  const { plan, expected } = workOf(order, fleet).planned;
  const price = priceOf(gpu)[spot ? 'spot' : 'on_demand'];
  return {
    ...turnaroundOf(runs.map(({ turnarounds }) => turnarounds[0] ?? Number.NaN)),
    workers: plan.children,
    expected_s: expected?.seconds ?? Number.NaN,
    usd: mean(runs.map((run) => usdOf(run.gpu_busy_s, run, price, assumed))),
    usd_alone: warm ? 0 : mean(runs.map((run) => usdOf(run.gpu_paid_s, run, price, assumed))),
  };
}

function usdOf(gpuSeconds: number, { packager_busy_s }: Run, price: number, assumed: Assumptions): number {
  return (gpuSeconds * price + packager_busy_s * assumed.packager_usd_per_hour) / 3600;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

export interface HourRow {
  readonly gpus: number;
  readonly warm: HourRuns;
  readonly warm_spot: HourRuns;
  readonly cold: HourRuns;
}

/** The hour on one GPU and more. */
export function simulateHourByGpus(seed: number): HourRow[] {
  return GPU_COUNTS.map((gpus) => ({
    gpus,
    warm: simulateHours({ seed, gpus }),
    warm_spot: simulateHours({ seed, gpus, spot: true }),
    cold: simulateHours({ seed, gpus, warm: false }),
  }));
}
