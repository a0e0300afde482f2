import { ASSUMED, priceOf } from './assumptions.ts';
import { clips, hoursOf } from './clips.ts';
import { fleetOf } from './inputs.ts';
import { percentile, type Turnaround, turnaroundOf } from './percentile.ts';
import { simulate } from './simulation.ts';

export const BURST_CLIPS = 10_000;

const FLEETS = [
  { gpus: 64, warm: true },
  { gpus: 256, warm: true },
  { gpus: 64, warm: false },
  { gpus: 256, warm: false },
] as const;

export interface BurstRow extends Turnaround {
  readonly gpus: number;
  readonly warm: boolean;
  readonly last_s: number;
  /** For an hour of video: of a warm fleet the time in which it works, of a cold one all from its start to its end. */
  readonly usd: number;
  /** Seconds after which twentieths of the clips are done. */
  readonly done_s: readonly number[];
}

/** Clips that are all created at once, on L4s. */
export function simulateBurst(seed: number): BurstRow[] {
  const jobs = clips(BURST_CLIPS, seed, () => 0);
  const hours = hoursOf(jobs);
  return FLEETS.map(({ gpus, warm }) => {
    const fleet = fleetOf({ gpu: 'L4', gpus, assumed: ASSUMED });
    const run = simulate(jobs, { fleet, assumed: ASSUMED, warm, spot: false, seed });
    const gpuSeconds = warm ? run.gpu_busy_s : run.gpu_paid_s;
    return {
      gpus,
      warm,
      ...turnaroundOf(run.turnarounds),
      last_s: run.end,
      usd: ((gpuSeconds / 3600) * priceOf('L4').on_demand) / hours,
      done_s: Array.from({ length: 20 }, (_, index) => percentile(run.turnarounds, (index + 1) / 20)),
    };
  });
}
