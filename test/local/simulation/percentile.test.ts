import { expect, it } from 'vitest';
import { percentile } from '../../../local/simulation/percentile.ts';

it.each([
  [[3, 1, 2], 0.5, 2],
  [[4, 3, 1, 2], 0.5, 2],
  [[10, 9, 2], 1, 10],
  [[2, 1], 0, 1],
  [Array.from({ length: 100 }, (_, index) => 100 - index), 0.95, 95],
])('finds in %j the %d', (numbers, share, value) => {
  expect(percentile(numbers, share)).toBe(value);
});
