import { expect, it } from 'vitest';
import type { JobResource } from '../../../domain/job/job-resource.ts';
import { expectations, jobPerRendition, split, wholeJob } from '../../../local/bench/encode-findings.ts';
import type { EncodeRun } from '../../../local/bench/encodes.ts';
import type { Finding } from '../../../local/bench/figures.ts';

const run = (seconds: number, cpu?: number, size = 0): EncodeRun => ({
  seconds,
  cpu,
  job: { outputs: [{ size }, { size }] } as unknown as JobResource,
});

const figureOf = ({ figures }: Finding, what: string) => figures.find((each) => each.what === what)?.value;

it('holds each job against the command of its round', () => {
  const runs = { job: [run(21), run(99), run(40)], command: [run(20), run(20), run(40)] };
  const finding = wholeJob(runs);
  expect(figureOf(finding, 'job / command')).toBe(1.05);
  expect(finding.runs).toEqual({ job: [21, 99, 40], command: [20, 20, 40] });
});

it('tells how much quicker a job is than commands for each rendition', () => {
  const runs = { job: [run(20)], sequence: [run(30)], 'at once': [run(28)] };
  const finding = jobPerRendition(runs);
  expect(figureOf(finding, 'one after another / job')).toBe(1.5);
  expect(figureOf(finding, 'all at once / job')).toBe(1.4);
});

it('tells what splitting costs', () => {
  const runs = {
    job: [run(20, 40, 1000)],
    'split in 2': [run(21, 42, 1010)],
    'split in 4': [run(22, 44, 1020)],
  };
  const finding = split(runs, { job: 0.97, 'split in 2': 0.969, 'split in 4': 0.968 });
  expect(figureOf(finding, 'split in 4: processor time / unsplit')).toBe(1.1);
  expect(figureOf(finding, 'split in 2: size / unsplit')).toBe(1.01);
  expect(figureOf(finding, 'split in 4: SSIM lost')).toBeCloseTo(0.002);
});

it('holds what jobs take against what was expected of them', () => {
  const finding = expectations(
    { job: [run(24), run(12)], 'split in 2': [run(30), run(30)] },
    { job: [20, 10], 'split in 2': [30, 20] },
  );
  expect(figureOf(finding, 'job: taken / expected')).toBe(1.2);
  expect(figureOf(finding, 'split in 2: taken / expected')).toBe(1.25);
});
