import { expect, it } from 'vitest';
import { readOptions } from '../../../local/demo/options.ts';
import { splitLine } from '../../../local/demo/split-line.ts';

const nothing = { input: undefined, split: undefined, json: false };

it.each([
  [[], nothing],
  [['my-video.mov', '--json'], { ...nothing, input: 'my-video.mov', json: true }],
  [['--split'], { ...nothing, split: 4 }],
  [['--split', '3'], { ...nothing, split: 3 }],
  [['--split=3', '--json'], { ...nothing, split: 3, json: true }],
  [['--split', 'my-video.mov'], { ...nothing, input: 'my-video.mov', split: 4 }],
  [['my-video.mov', '--split', '--json'], { input: 'my-video.mov', split: 4, json: true }],
  [['--split', '--help'], undefined],
])('reads %j', (args, options) => {
  expect(readOptions(args)).toEqual(options);
});

it.each([
  [['a.mov', 'b.mov'], 'Give one file or URL, not 2.'],
  [['--split', '1'], '--split must be a whole number from 2 to 100, and is 1.'],
  [['--split', '2.5'], '--split must be a whole number from 2 to 100, and is 2.5.'],
  [['--split='], '--split must be a whole number from 2 to 100, and is .'],
  [['--parts', '2'], "Unknown option '--parts'"],
])('refuses %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

it.each([
  [4, 4, 'Split into 4 parts, encoded by 4 workers'],
  [4, 2, 'Split into 4 parts, encoded by 2 workers'],
  [1, 1, 'Not split: only MP4, MOV, MKV and WebM files that say how long they are can be'],
])('says that %d parts are encoded by %d workers', (parts, children, line) => {
  expect(splitLine({ chunks: Array.from({ length: parts }, () => ({ start: 0 })), children })).toBe(line);
});
