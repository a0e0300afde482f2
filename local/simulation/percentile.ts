/**
 * The least of some numbers that is not exceeded by a share of them, by nearest rank.
 *
 * @param share from 0 to 1
 */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** What half of all turnarounds and what 95 of 100 do not exceed, in seconds. */
export interface Turnaround {
  readonly p50_s: number;
  readonly p95_s: number;
}

export function turnaroundOf(seconds: readonly number[]): Turnaround {
  return { p50_s: percentile(seconds, 0.5), p95_s: percentile(seconds, 0.95) };
}
