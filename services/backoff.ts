import { setTimeout as sleepFor } from 'node:timers/promises';

/** How often something is tried, and how long to wait in between. Tests pass a wait of nothing. */
export interface RetryPolicy {
  /** Tries altogether, the first one included. */
  readonly attempts: number;
  /** Waits after the given number of failures (1, 2, ...); rejects with the signal's reason when it is aborted. */
  readonly wait: (failures: number, signal?: AbortSignal) => Promise<void>;
}

export interface ExponentialBackoffOptions {
  readonly attempts: number;
  /** Wait after the first failure, in milliseconds; it doubles with each further one. @default 200 */
  readonly baseMs?: number;
  /** @default 10000 */
  readonly maxMs?: number;
}

/** Doubling waits, of which the second half is random so that many clients do not return in step. */
export function exponentialBackoff({
  attempts,
  baseMs = 200,
  maxMs = 10_000,
}: ExponentialBackoffOptions): RetryPolicy {
  return {
    attempts,
    wait: async (failures, signal) => {
      const full = Math.min(maxMs, baseMs * 2 ** (failures - 1));
      const milliseconds = full * (0.5 + Math.random() / 2);
      await sleepFor(milliseconds, undefined, { signal }).catch(() => signal?.throwIfAborted());
    },
  };
}
