import { expect, it } from 'vitest';
import { readOptions } from '../../../local/bench/options.ts';

it('reads what is to be measured, how often, and the form of the answer', () => {
  const given = readOptions(['--only', 'a,d', '--rounds', '1', '--json']);
  expect(given).toEqual({ only: ['a', 'd'], rounds: 1, json: true, docs: false });
  expect(readOptions([])?.only).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'plan']);
  expect(readOptions(['--help'])).toBeUndefined();
});

it.each([
  [['--only', 'a,g'], '--only takes a, b, c, d, e, f, plan, and not "g".'],
  [['--only', 'a', '--docs'], '--docs tells of all measurements; leave --only out.'],
  [['--rounds', '0'], '--rounds must be a whole number from 1 to 100, and is 0.'],
  [['--rounds', '1.5'], '--rounds must be a whole number from 1 to 100, and is 1.5.'],
])('refuses %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
