import { createHash } from 'node:crypto';

/**
 * A number that looks random, from 0 up to 1, and is always the same for the same seed and labels. So what happens to the
 * 57th request of a service does not depend on when it comes, nor on what else has been drawn before.
 */
export function random(seed: number, ...labels: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update([seed, ...labels].join('/'))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** @param fraction from 0 up to 1 */
export function between(fraction: number, low: number, high: number): number {
  return low + Math.floor(fraction * (high - low + 1));
}

/** One of a list that is not empty. @param fraction from 0 up to 1 */
export function oneOf<T>(fraction: number, items: readonly [T, ...T[]]): T {
  return items[Math.floor(fraction * items.length)] ?? items[0];
}

/** Which of some things with shares is hit; undefined where the shares come to less than the fraction. */
export function hitBy<T>(
  fraction: number,
  shares: readonly (readonly [share: number, thing: T])[],
): T | undefined {
  let sum = 0;
  for (const [share, thing] of shares) {
    sum += share;
    if (fraction < sum) return thing;
  }
  return undefined;
}
