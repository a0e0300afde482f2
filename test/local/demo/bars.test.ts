import { expect, it } from 'vitest';
import type { JobResource } from '../../../domain/job/job-resource.ts';
import { bars, LiveLines } from '../../../local/demo/bars.ts';
import { jobWith } from './jobs.ts';

it.each<[Partial<JobResource>, string]>([
  [{}, '░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0%  queued'],
  [
    { status: 'encode_in_progress', encode_completion_pct: 0.5 },
    '██████████████░░░░░░░░░░░░░░░░  45%  encoding',
  ],
  [{ status: 'encode_complete', encode_completion_pct: 1 }, '███████████████████████████░░░  90%  verifying'],
  [
    { status: 'packaging_in_progress', encode_completion_pct: 1, packaging_completion_pct: 0.5 },
    '█████████████████████████████░  95%  uploading',
  ],
  [{ status: 'complete' }, '██████████████████████████████ 100%  done'],
  [{ status: 'error', encode_completion_pct: 0.3 }, '████████░░░░░░░░░░░░░░░░░░░░░░  27%  failed'],
])('shows a job with %j', (fields, bar) => {
  expect(bars(jobWith(fields))).toEqual([`  video_240.mp4   ${bar}`, `  video_1080.mp4  ${bar}`]);
});

/** A terminal, or a file, that keeps what is written. */
function output(isTTY: boolean) {
  const written: string[] = [];
  const out = {
    isTTY,
    write: (text: string) => written.push(text),
    moveCursor: (_: number, lines: number) => written.push(`<${lines}>`),
    clearScreenDown: () => written.push('<clear>'),
  };
  return { written, lines: new LiveLines(out as never) };
}

it('writes over its lines on a terminal', () => {
  const { written, lines } = output(true);
  lines.show(['a 1', 'b 1']);
  lines.show(['a 2', 'b 2']);
  expect(written).toEqual(['a 1\nb 1\n', '<-2>', '<clear>', 'a 2\nb 2\n']);
});

it('writes elsewhere just the lines whose state is new', () => {
  const { written, lines } = output(false);
  lines.show(['a 10% encoding', 'b 10% encoding']);
  lines.show(['a 20% encoding', 'b 20% encoding']);
  lines.show(['a 100% done', 'b 30% encoding']);
  expect(written).toEqual(['a 10% encoding\n', 'b 10% encoding\n', 'a 100% done\n']);
});
