import { type BurstRow, simulateBurst } from './burst.ts';
import { type HourRow, simulateHourByGpus } from './hour.ts';
import { type Stream, simulateStream } from './stream.ts';
import { simulateWhatIfs, type WhatIf } from './what-ifs.ts';

/** All that is simulated. */
export interface Results {
  readonly seed: number;
  readonly hour: readonly HourRow[];
  readonly what_ifs: readonly WhatIf[];
  readonly stream: Stream;
  readonly burst: readonly BurstRow[];
}

/** Simulates everything, with the same results for the same seed. */
export function simulateAll(seed: number): Results {
  return {
    seed,
    hour: simulateHourByGpus(seed),
    what_ifs: simulateWhatIfs(seed),
    stream: simulateStream(seed),
    burst: simulateBurst(seed),
  };
}
