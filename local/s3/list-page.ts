import { compareKeys } from './names.ts';

export interface PageQuery {
  readonly prefix: string;
  /** Keys that have it after the prefix are shown as one common prefix. @default each key is shown */
  readonly delimiter?: string;
  /** The listing begins behind it: a key, or the common prefix that ended the page before. */
  readonly after: string;
  readonly maxKeys: number;
}

export interface Page<T> {
  readonly objects: readonly T[];
  readonly commonPrefixes: readonly string[];
  /** What the next page begins behind, when there is one. */
  readonly next?: string;
}

/** @param sorted all objects, in the order of listings */
export function listPage<T extends { readonly key: string }>(
  sorted: readonly T[],
  { prefix, delimiter, after, maxKeys }: PageQuery,
): Page<T> {
  const objects: T[] = [];
  const commonPrefixes: string[] = [];
  let last = after;
  for (const object of sorted) {
    if (!object.key.startsWith(prefix) || compareKeys(object.key, after) <= 0) continue;
    const commonPrefix = commonPrefixOf(object.key, prefix, delimiter);
    if (commonPrefix !== undefined && commonPrefix === last) continue;
    if (maxKeys === 0) break;
    if (objects.length + commonPrefixes.length === maxKeys) return { objects, commonPrefixes, next: last };
    if (commonPrefix === undefined) objects.push(object);
    else commonPrefixes.push(commonPrefix);
    last = commonPrefix ?? object.key;
  }
  return { objects, commonPrefixes };
}

function commonPrefixOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
