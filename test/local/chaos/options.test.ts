import { expect, it } from 'vitest';
import { isWholeMp4 } from '../../../local/chaos/bucket.ts';
import { isFitting, type JobSpec } from '../../../local/chaos/job-specs.ts';
import { readOptions } from '../../../local/chaos/options.ts';

it('reads jobs, seed and the form of the answer', () => {
  const given = readOptions(['--jobs', '200', '--seed', '7', '--json']);
  expect(given).toEqual({ jobs: 200, seed: 7, split: undefined, json: true });
  expect(readOptions([])).toEqual({ jobs: 20, seed: expect.any(Number), split: undefined, json: false });
  expect(readOptions(['--help'])).toBeUndefined();
});

it.each([
  [['--jobs', '0'], '--jobs must be a whole number from 1 to 10000, and is 0.'],
  [['--jobs', 'many'], '--jobs must be a whole number from 1 to 10000, and is many.'],
  [['--split', '1'], '--split must be a whole number from 2 to 100, and is 1.'],
  [['--seed', '1.5'], '--seed must be a whole number from 0 to 9007199254740991, and is 1.5.'],
])('refuses %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

it.each([
  ['whole', undefined, true],
  ['whole', 'infrastructure', true],
  ['whole', 'internal', false],
  ['flaky', 'input_unreachable', false],
  ['gone', 'input_unreachable', true],
  ['gone', undefined, false],
  ['truncated', 'input_corrupt', true],
  ['truncated', undefined, false],
  ['whole', 'cancelled', false],
  ['whole', 'destination_unreachable', true],
  ['whole', 'destination_denied', false],
] as const)('knows of an input that is %s and ended with %s whether it fits: %s', (input, code, fits) => {
  const spec: JobSpec = {
    index: 0,
    input,
    outputs: 1,
    receiver: 'fail',
    isSentTwice: false,
    cancelAfterMs: undefined,
    refusals: 0,
  };
  expect(isFitting(spec, code)).toBe(fits);
});

const box = (type: string, size: number) => {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32BE(size, 0);
  bytes.write(type, 4, 'latin1');
  return bytes;
};
/** The size in 64 bits. */
const longBox = box('mdat', 24).fill(0, 0, 3).fill(1, 3, 4);
longBox.writeBigUInt64BE(24n, 8);
const file = Buffer.concat([box('ftyp', 20), box('moov', 40), box('mdat', 60)]);

it.each([
  ['the whole file', file, true],
  ['a file with a long box', Buffer.concat([file.subarray(0, 60), longBox]), true],
  ['a file without its end', file.subarray(0, -1), false],
  ['a file without pictures', file.subarray(0, 60), false],
  ['an empty file', Buffer.alloc(0), false],
  ['a file of zeros', Buffer.alloc(100), false],
])('tells of %s whether it is a whole MP4', (_, bytes, isWhole) => {
  expect(isWholeMp4(bytes)).toBe(isWhole);
});
