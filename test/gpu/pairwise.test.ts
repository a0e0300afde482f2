import { expect, it } from 'vitest';
import { type Choices, pairwise } from './support/pairwise.ts';

interface Settings {
  readonly size: string;
  readonly colour: string | undefined;
  readonly count: number;
}

const CHOICES: Choices<Settings> = {
  size: ['small', 'middle', 'large'],
  colour: [undefined, 'red', 'green', 'blue'],
  count: [1, 2],
};

const isMet = (combinations: readonly Settings[], part: Partial<Settings>) =>
  combinations.some((each) =>
    Object.entries(part).every(([key, value]) => each[key as keyof Settings] === value),
  );

it('lets every value meet every value of the others', () => {
  const combinations = pairwise(CHOICES, () => true);
  for (const size of CHOICES.size) {
    for (const colour of CHOICES.colour) expect(isMet(combinations, { size, colour })).toBe(true);
    for (const count of CHOICES.count) expect(isMet(combinations, { size, count })).toBe(true);
  }
  for (const colour of CHOICES.colour) {
    for (const count of CHOICES.count) expect(isMet(combinations, { colour, count })).toBe(true);
  }
});

it('needs hardly more combinations than the two longest lists have pairs', () => {
  expect(pairwise(CHOICES, () => true).length).toBeLessThanOrEqual(13);
});

it('leaves out what is not allowed, and nothing else', () => {
  const isAllowed = ({ size, colour, count }: Settings) =>
    !(size === 'large' && colour === 'red') && !(colour === 'green' && count === 1);
  const combinations = pairwise(CHOICES, isAllowed);
  expect(combinations.filter((each) => !isAllowed(each))).toEqual([]);
  expect(isMet(combinations, { size: 'large', colour: 'red' })).toBe(false);
  expect(isMet(combinations, { size: 'large', colour: 'green' })).toBe(true);
  expect(isMet(combinations, { size: 'small', colour: 'red' })).toBe(true);
  expect(isMet(combinations, { colour: 'green', count: 2 })).toBe(true);
});

it('is always the same', () => {
  expect(pairwise(CHOICES, () => true)).toEqual(pairwise(CHOICES, () => true));
});
