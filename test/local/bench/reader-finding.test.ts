import { expect, it } from 'vitest';
import { lostPackets, readerFinding } from '../../../local/bench/reader-finding.ts';

const FILE = '#tb 0: 1/90000\n0, 0, 0, 1, 10, 0xaa\n0, 1, 1, 1, 10, 0xbb\n0, 2, 2, 1, 10, 0xcc\n';
const run = (packets: string, seconds = 1, cuts = 0) => ({ packets, seconds, cuts });

it.each([
  ['all that is in the file', FILE, 0],
  ['one packet less', FILE.replace(/.*0xbb\n/, ''), 1],
  ['one that is changed', FILE.replace('0xcc', '0xcd'), 1],
  ['nothing', '', 3],
])('where the reader has read %2$s, tells of packets that are lost: %3$s', (_, packets, lost) => {
  expect(lostPackets({ file: [run(FILE)], 'cut reader': [run(FILE), run(packets)] })).toBe(lost);
});

it('does not call nothing a success', () => {
  expect(lostPackets({ file: [run('')], 'cut reader': [run('')] })).toBeNaN();
  expect(lostPackets({ file: [run(FILE)] })).toBeNaN();
});

it('tells how much faster the reader is, far away, from S3, and where what is read is decoded', () => {
  const runs = {
    ...{ 'far ffmpeg': [run(FILE, 9)], 'far reader': [run(FILE, 3)] },
    ...{ 's3 ffmpeg': [run(FILE, 5)], 's3 reader': [run(FILE, 2)] },
  };
  const { figures } = readerFinding(runs, { ffmpeg: [{ seconds: 3 }], reader: [{ seconds: 2 }] });
  expect(figures.find(({ goal }) => goal?.least === 2)?.value).toBe(3);
  expect(figures.flatMap(({ goal, value }) => (goal?.least === 1 ? [value] : []))).toEqual([1.5, 2.5]);
});
