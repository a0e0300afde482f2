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
  for (let round = 0; round < rounds; round++)
    for (const way of toAndFro(ways, round)) results[way].push(await run(way));
  return results;
}

/** The order of a round: every other one goes backwards. */
function toAndFro<Way>(ways: readonly Way[], round: number): readonly Way[] {
  return round % 2 === 0 ? ways : ways.toReversed();
}

/** What several rows have under each key, in order. All of them have the same keys. */
export function byKey<Key extends string, T>(rows: readonly Readonly<Partial<Record<Key, T>>>[]) {
  const columns: Partial<Record<Key, T[]>> = {};
  for (const row of rows) {
    for (const [key, value] of Object.entries(row) as [Key, T][])
      columns[key] = [...(columns[key] ?? []), value];
  }
  return columns;
}

/**
 * How many times as much some runs come to as others do, by the middle of the rounds. A machine that is slower for some
 * minutes is so for all runs of a round.
 */
export function medianRatio(numbers: readonly number[], others: readonly number[]): number {
  return median(numbers.map((number, round) => number / (others[round] ?? Number.NaN)));
}
