/** Matches a number, as a part of what `toEqual` expects. */
export const within = (tolerance: number, value: number) => ({
  asymmetricMatch: (other: number) => Math.abs(other - value) <= tolerance,
  toString: () => `within ${tolerance} of ${value}`,
});
