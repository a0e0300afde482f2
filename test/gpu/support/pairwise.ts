/** A list of values for each of some settings; the first of each together must be allowed. */
export type Choices<T> = { readonly [K in keyof T]-?: readonly [T[K], ...T[K][]] };

type Combination<T> = { readonly [K in keyof T]: T[K] };
type Key<T> = keyof T & string;

/**
 * Combinations in which every value of each setting meets every value of each other one at least once, except those that
 * are not allowed together. Always the same, and few, though not the fewest: each begins with a pair that has not been
 * met, and then takes for every other setting the value that meets the most.
 *
 * @param isAllowed of a whole combination
 */
export function pairwise<T extends object>(
  choices: Choices<T>,
  isAllowed: (combination: Combination<T>) => boolean,
): Combination<T>[] {
  const keys = Object.keys(choices) as Key<T>[];
  const met = new Set<string>();
  const combinations: Combination<T>[] = [];
  for (const pair of allPairs(choices, keys)) {
    if (met.has(nameOf(pair))) continue;
    const start = completed(choices, keys, pair, isAllowed);
    if (start === undefined) continue;
    const combination = improved(choices, keys, { start, pair, met, isAllowed });
    combinations.push(combination);
    for (const each of pairsOf(combination, keys)) met.add(nameOf(each));
  }
  return combinations;
}

/** Two settings with a value each. */
type Pair<T> = readonly [keyof T, T[keyof T], keyof T, T[keyof T]];

function nameOf<T>([key, value, otherKey, otherValue]: Pair<T>): string {
  return JSON.stringify([key, value ?? null, otherKey, otherValue ?? null]);
}

function allPairs<T extends object>(choices: Choices<T>, keys: readonly Key<T>[]): Pair<T>[] {
  return twoOf(keys).flatMap(([key, other]) =>
    choices[key].flatMap((value) =>
      choices[other].map((otherValue): Pair<T> => [key, value, other, otherValue]),
    ),
  );
}

function pairsOf<T extends object>(combination: Combination<T>, keys: readonly Key<T>[]): Pair<T>[] {
  return twoOf(keys).map(([key, other]) => [key, combination[key], other, combination[other]]);
}

function twoOf<K>(keys: readonly K[]): [K, K][] {
  return keys.flatMap((key, index) => keys.slice(index + 1).map((other): [K, K] => [key, other]));
}

/** An allowed combination with this pair: all others have their first value, except one where that is not allowed. */
function completed<T extends object>(
  choices: Choices<T>,
  keys: readonly Key<T>[],
  [key, value, other, otherValue]: Pair<T>,
  isAllowed: (combination: Combination<T>) => boolean,
): Combination<T> | undefined {
  const firsts = Object.fromEntries(keys.map((each) => [each, choices[each][0]])) as Combination<T>;
  const plain: Combination<T> = { ...firsts, [key]: value, [other]: otherValue };
  const changed = keys
    .filter((each) => each !== key && each !== other)
    .flatMap((each) => choices[each].map((changedValue) => ({ ...plain, [each]: changedValue })));
  return [plain, ...changed].find(isAllowed);
}

interface Start<T> {
  readonly start: Combination<T>;
  readonly pair: Pair<T>;
  readonly met: ReadonlySet<string>;
  readonly isAllowed: (combination: Combination<T>) => boolean;
}

/** The combination with other values for what is not in the pair, if they meet more for the first time. */
function improved<T extends object>(
  choices: Choices<T>,
  keys: readonly Key<T>[],
  { start, pair: [key, , other], met, isAllowed }: Start<T>,
): Combination<T> {
  const gain = (combination: Combination<T>) =>
    pairsOf(combination, keys).filter((pair) => !met.has(nameOf(pair))).length;
  let best = start;
  for (const each of keys.filter((name) => name !== key && name !== other)) {
    for (const value of choices[each]) {
      const candidate = { ...best, [each]: value };
      if (gain(candidate) > gain(best) && isAllowed(candidate)) best = candidate;
    }
  }
  return best;
}
