/** The middle of some numbers; of an even count, the mean of the two in the middle. NaN where there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/**
 * Runs each of some ways once, then each of them again in the other order, and so on: so that what slows the machine down for
 * a while, or more and more, slows all of them down alike.
 *
 * @returns what came of each way's runs, in order
 */
export async function interleaved<Way extends string, T>(
  ways: readonly Way[],
  rounds: number,
  run: (way: Way) => Promise<T>,
): Promise<Record<Way, T[]>> {
  const results = Object.fromEntries(ways.map((way) => [way, [] as T[]])) as Record<Way, T[]>;
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ways : ways.toReversed();
    for (const way of order) results[way].push(await run(way));
  }
  return results;
}
