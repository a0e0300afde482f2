import type { Problem } from '../errors.ts';

/** Writes a path in JavaScript's notation: `outputs[0].level`, `metadata["a key"]`. */
export function pathOf(keys: readonly PropertyKey[]): string {
  return keys
    .map((key) => (typeof key === 'string' && isIdentifier(key) ? `.${key}` : `[${quoted(key)}]`))
    .join('')
    .replace(/^\./, '');
}

/** A problem with what stands at a path of the request. */
export function problemAt(keys: readonly PropertyKey[], message: string): Problem {
  return { path: pathOf(keys), code: 'invalid_request', message };
}

function isIdentifier(key: string): boolean {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key);
}

function quoted(key: PropertyKey): string {
  return typeof key === 'string' ? JSON.stringify(key) : String(key);
}
