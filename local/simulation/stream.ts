import { random } from '../chaos/random.ts';
import { ASSUMED, priceOf } from './assumptions.ts';
import { clips, hoursOf } from './clips.ts';
import { fleetOf } from './inputs.ts';
import { type Turnaround, turnaroundOf } from './percentile.ts';
import { type SimulatedJob, simulate } from './simulation.ts';

export const CLIPS_PER_DAY = 1_000_000;
const PER_SECOND = CLIPS_PER_DAY / 86_400;

/** Seconds of the day that are simulated: with as many clips in each hour, all hours are alike. */
const SIMULATED_S = 3600;

/** What nineteen of twenty clips are to be ready in, for a number of GPUs to be enough. */
export const ENOUGH_P95_S = 20;

const GPU_COUNTS: readonly number[] = [92, 96, 100, 104, 112, 128];

export interface StreamRow extends Turnaround {
  readonly gpus: number;
  /** Share of the time for which GPUs have a container. */
  readonly used: number;
  /** For an hour of video, with all of the GPUs paid for all the time. */
  readonly usd: number;
}

export interface Stream {
  readonly rows: readonly StreamRow[];
  /** The fewest that are enough, of those that were tried. */
  readonly gpus_needed: number | undefined;
  /** As many, on Spot. */
  readonly on_spot: StreamRow | undefined;
}

/** A day's clips, which come at random, on warm L4s. */
export function simulateStream(seed: number): Stream {
  const jobs = streamOf(seed);
  const rows = GPU_COUNTS.map((gpus) => runStream(jobs, seed, gpus, false));
  const gpus_needed = rows.find(({ p95_s }) => p95_s <= ENOUGH_P95_S)?.gpus;
  const on_spot = gpus_needed === undefined ? undefined : runStream(jobs, seed, gpus_needed, true);
  return { rows, gpus_needed, on_spot };
}

function streamOf(seed: number): SimulatedJob[] {
  let now = 0;
  return clips(Math.round(PER_SECOND * SIMULATED_S), seed, (index) => {
    now += -Math.log(1 - random(seed, 'arrival', index)) / PER_SECOND;
    return now;
  });
}

function runStream(jobs: readonly SimulatedJob[], seed: number, gpus: number, spot: boolean): StreamRow {
  const fleet = fleetOf({ gpu: 'L4', gpus, assumed: ASSUMED });
  const run = simulate(jobs, { fleet, assumed: ASSUMED, warm: true, spot, seed });
  const price = priceOf('L4')[spot ? 'spot' : 'on_demand'];
  return {
    gpus,
    ...turnaroundOf(run.turnarounds),
    used: run.gpu_busy_s / (gpus * run.end),
    usd: (gpus * (run.end / 3600) * price) / hoursOf(jobs),
  };
}
