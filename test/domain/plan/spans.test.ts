import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutSpans, longestSpan, mostSpans, type Span } from '../../../domain/plan/spans.ts';

/** The same cases at each run, so that who breaks something hears of it, and nobody else. */
const seed = 20_260_101;

it.each([
  ['one', 100, 1, '0-'],
  ['two', 100, 2, '0-49.995 49.995-'],
  ['three, cut where keyframes are', 100, 3, '0-33.995 33.995-67.995 67.995-'],
  ['what is left over to the last one', 61.5, 3, '0-19.995 19.995-39.995 39.995-'],
  ['more than there are keyframes, anywhere', 5, 4, '0-1.25 1.25-2.5 2.5-3.75 3.75-'],
])('cuts a time line into %s', (_, duration, count, spans) => {
  expect(cutSpans(duration, count).map(textOf).join(' ')).toBe(spans);
});

function textOf({ start, end }: Span): string {
  const text = (seconds: number) => String(Math.round(seconds * 1000) / 1000);
  return `${text(start)}-${end === undefined ? '' : text(end)}`;
}

it.each([
  [100, 30, 3],
  [119.9, 30, 3],
  [120, 30, 4],
  [120, 29, 4],
  [5, 30, 0],
])('finds room in %d seconds for spans of %d seconds %d times', (duration, shortest, count) => {
  expect(mostSpans(duration, shortest)).toBe(count);
});

const durations = fc.double({ min: 0.04, max: 12 * 3600, noNaN: true });

it('has every moment in exactly one span', () => {
  fc.assert(
    fc.property(durations, fc.integer({ min: 1, max: 200 }), (duration, count) => {
      const spans = cutSpans(duration, count);
      expect(spans).toHaveLength(count);
      expect(spans[0].start).toBe(0);
      for (const [index, { start, end }] of spans.entries()) {
        expect(start).toBeLessThan(end ?? duration);
        expect(end).toBe(spans[index + 1]?.start);
      }
    }),
    { seed },
  );
});

it('cuts on the keyframe grid, a little early, and into spans within one interval of each other', () => {
  fc.assert(
    fc.property(durations, fc.integer({ min: 2, max: 200 }), (duration, wanted) => {
      const count = Math.min(wanted, mostSpans(duration, 2));
      fc.pre(count > 1);
      const cuts = cutSpans(duration, count).map(({ start }, index) => (index > 0 ? start + 0.005 : 0));
      for (const cut of cuts) expect(Math.abs(cut - Math.round(cut / 2) * 2)).toBeLessThan(1e-6);
      const lengths = cuts.map((cut, index) => (cuts[index + 1] ?? duration) - cut);
      expect(Math.max(...lengths)).toBeCloseTo(longestSpan(duration, count), 6);
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(Math.floor(duration / 2 / count) * 2 - 1e-6);
    }),
    { seed },
  );
});
