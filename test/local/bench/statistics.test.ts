import { expect, it } from 'vitest';
import { byKey, interleaved, median, medianRatio } from '../../../local/bench/statistics.ts';

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9], 9.5],
  [[7], 7],
  [[], Number.NaN],
])('takes of %j the median %d', (numbers, middle) => {
  expect(median(numbers)).toBe(middle);
});

it('gathers what rows have under each key', () => {
  expect(
    byKey([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]),
  ).toEqual({ a: [1, 3], b: [2, 4] });
});

it('takes the median of ratios, each within a round', () => {
  expect(medianRatio([2, 90, 40], [1, 10, 100])).toBe(2);
});

it('runs every way once before any of them again, to and fro', async () => {
  const done: string[] = [];
  const results = await interleaved(['a', 'b'], 3, async (way) => done.push(way));
  expect(done).toEqual(['a', 'b', 'b', 'a', 'a', 'b']);
  expect(results).toEqual({ a: [1, 4, 5], b: [2, 3, 6] });
});
