import { expect, it } from 'vitest';
import { readOptions } from '../../../local/simulation/options.ts';

it.each([
  [[], { seed: 1, json: false, docs: false }],
  [['--seed', '7', '--json'], { seed: 7, json: true, docs: false }],
  [['--docs'], { seed: 1, json: false, docs: true }],
  [['--help'], undefined],
])('reads %j', (args, options) => {
  expect(readOptions(args)).toEqual(options);
});

it.each([
  [['--seed', 'x'], '--seed must be a whole number from 0 on, and is x.'],
  [['--seed', ''], '--seed must be a whole number from 0 on, and is .'],
  [['--seed', '7', '--docs'], '--docs writes what comes of the seed 1; leave --seed out.'],
])('refuses %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
