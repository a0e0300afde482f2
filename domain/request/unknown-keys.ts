import type { GenericSchema } from 'valibot';
import type { Problem } from '../errors.ts';
import { problemAt } from './path.ts';

/** What this needs to see of a valibot schema to walk it beside a value. */
interface SchemaShape {
  readonly type: string;
  readonly entries?: Record<string, GenericSchema>;
  readonly item?: GenericSchema;
  /** The schemas that a value passes through, one after the other. */
  readonly pipe?: readonly SchemaShape[];
  readonly wrapped?: GenericSchema;
  readonly getter?: (input: unknown) => GenericSchema;
}

/** Items and keys that are looked at in one place: bodies have room for more than anybody reads, and each takes time. */
const MOST_LOOKED_AT = 200;

/**
 * Every key that a schema does not know, up to 200 in one place, each with the nearest one that it does know.
 * (valibot's strictObject reports only the first of them.)
 */
export function unknownKeys(
  schema: GenericSchema,
  value: unknown,
  path: readonly (string | number)[] = [],
): Problem[] {
  const shape = schema as SchemaShape;
  if (value === null || typeof value !== 'object') return [];
  if (shape.wrapped) return unknownKeys(shape.wrapped, value, path);
  if (shape.getter) return unknownKeys(shape.getter(value), value, path);
  const steps = shape.pipe ?? [shape];
  if (steps.some(({ type }) => type === 'record')) return reservedKeys(value, path);
  const { entries } = shape;
  const item = steps.findLast((step) => step.item)?.item;
  if (item && Array.isArray(value)) {
    return value
      .slice(0, MOST_LOOKED_AT)
      .flatMap((element, index) => unknownKeys(item, element, [...path, index]));
  }
  if (!entries || Array.isArray(value)) return [];
  const pairs = Object.entries(value).slice(0, MOST_LOOKED_AT);
  return pairs.flatMap(([key, inner]) => {
    const known = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (known) return unknownKeys(known, inner, [...path, key]);
    return [problemAt([...path, key], hint(key, Object.keys(entries)))];
  });
}

/** valibot's record passes over these without a word, so that nobody writes to a prototype. */
const RESERVED_KEYS = ['__proto__', 'prototype', 'constructor'];

function reservedKeys(pairs: object, path: readonly (string | number)[]): Problem[] {
  return RESERVED_KEYS.filter((key) => Object.hasOwn(pairs, key)).map((key) =>
    problemAt([...path, key], 'cannot be used as a key'),
  );
}

function hint(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near === undefined
    ? `is not a known key; known are ${known.join(', ')}`
    : `is not a known key; did you mean ${near}?`;
}

/** No slip is longer, and comparing takes time that grows with a key's length. */
const LONGEST_SLIP = 64;

/** The known word that is least far from `word`, or a part or a whole of it, when that is near enough to be a slip. */
function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST_SLIP) return undefined;
  const lower = word.toLowerCase();
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(lower, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  if (best && best.distance <= Math.floor(Math.max(lower.length, best.candidate.length) / 2)) {
    return best.candidate;
  }
  return known.find((candidate) => isPartOf(lower, candidate) || isPartOf(candidate, lower));
}

function isPartOf(part: string, whole: string): boolean {
  return part.length > 2 && whole.includes(part);
}

/** Levenshtein's distance: insertions, deletions and replacements of single characters. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, characterOfA] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, characterOfB] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (characterOfA === characterOfB ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
