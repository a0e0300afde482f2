import { beforeEach, describe, expect, it } from 'vitest';
import { LostRaceError } from '../../../domain/errors.ts';
import { END_STATES, JOB_STATES, type JobState } from '../../../domain/job/job-state.ts';
import type { WorkState } from '../../../services/job-store/job-store.ts';
import { useJobStore } from '../../support/job-store.ts';
import { failure, newJob, success } from '../../support/jobs.ts';

const harness = useJobStore();
const [first, later] = [new Date('2026-01-01T00:00:01.000Z'), new Date('2026-01-01T00:00:02.000Z')];
let jobId: string;

beforeEach(async () => {
  jobId = await createdIn('created');
});

async function createdIn(status: JobState): Promise<string> {
  const job = newJob({ status });
  await harness.jobs.create(job);
  return job.job_id;
}

async function job() {
  return (await harness.jobs.load(jobId))?.job;
}

describe('a submission', () => {
  it('is noted once', async () => {
    await harness.jobs.recordSubmission(jobId, 'b-1', first);
    await harness.jobs.recordSubmission(jobId, 'b-2', later);
    expect(await job()).toMatchObject({ batch_job_id: 'b-1', submitted_at: first.toISOString() });
  });

  it.each(JOB_STATES)('is noted of a job that is %s', async (status) => {
    jobId = await createdIn(status);
    await harness.jobs.recordSubmission(jobId, 'b-1', first);
    expect(await job()).toMatchObject({ status, batch_job_id: 'b-1' });
  });
});

describe('a claim', () => {
  it('is made by the worker of a Batch job, and again by its later attempts', async () => {
    await harness.jobs.claim(jobId, 'b-1');
    await harness.jobs.claim(jobId, 'b-1');
    expect(await job()).toMatchObject({ claimed_by: 'b-1', status: 'created' });
  });

  it('is refused to another Batch job', async () => {
    await harness.jobs.claim(jobId, 'b-1');
    await expect(harness.jobs.claim(jobId, 'b-2')).rejects.toBeInstanceOf(LostRaceError);
    expect(await job()).toMatchObject({ claimed_by: 'b-1' });
  });

  it.each(END_STATES)('is refused on a job that is %s, to its own Batch job too', async (end) => {
    await harness.jobs.claim(jobId, 'b-1');
    await harness.jobs.end(jobId, { status: end, owesCallback: false, at: later });
    await expect(harness.jobs.claim(jobId, 'b-1')).rejects.toBeInstanceOf(LostRaceError);
  });

  it('is won by one of many that are made at once', async () => {
    const claims = Array.from({ length: 10 }, (_, index) => harness.jobs.claim(jobId, `b-${index}`));
    const results = await Promise.allSettled(claims);
    const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [`b-${index}`] : []));
    expect(winners).toEqual([(await job())?.claimed_by]);
  });
});

describe('a step', () => {
  const steps = [
    ['encode_in_progress', { started_at: first.toISOString() }],
    ['encode_complete', { encoded_at: first.toISOString() }],
    ['packaging_in_progress', {}],
  ] as const;

  it.each(steps)('leads to %s, and its time is noted', async (to, noted) => {
    await harness.jobs.advance(jobId, to, first);
    expect(await job()).toMatchObject({ status: to, ...noted });
  });

  it.each<[JobState, WorkState]>([
    ['encode_in_progress', 'encode_in_progress'],
    ['encode_complete', 'encode_in_progress'],
    ['packaging_in_progress', 'encode_in_progress'],
    ['packaging_in_progress', 'encode_complete'],
    ['packaging_in_progress', 'packaging_in_progress'],
  ])('changes nothing in a job that is %s when it leads to %s', async (status, to) => {
    jobId = await createdIn(status);
    const before = await job();
    await harness.jobs.advance(jobId, to, later);
    expect(await job()).toEqual(before);
  });

  it('keeps the times of an earlier attempt', async () => {
    await harness.jobs.advance(jobId, 'encode_in_progress', first);
    await harness.jobs.advance(jobId, 'encode_in_progress', later);
    await harness.jobs.advance(jobId, 'encode_complete', later);
    expect(await job()).toMatchObject({ started_at: first.toISOString(), encoded_at: later.toISOString() });
  });

  it.each(END_STATES)('is refused by a job that is %s', async (end) => {
    await harness.jobs.end(jobId, { status: end, owesCallback: false, at: first });
    const before = await job();
    for (const [to] of steps) {
      await expect(harness.jobs.advance(jobId, to, later)).rejects.toBeInstanceOf(LostRaceError);
    }
    expect(await job()).toEqual(before);
  });

  it('of many at once leads to the farthest', async () => {
    await Promise.all([...steps, ...steps, ...steps].map(([to]) => harness.jobs.advance(jobId, to, first)));
    expect(await job()).toMatchObject({ status: 'packaging_in_progress' });
  });
});

describe.each([
  ['encoding', 'encoded', (fraction: number) => harness.jobs.recordEncoded(jobId, 0, fraction)],
  ['packaging', 'packaged', (fraction: number) => harness.jobs.recordPackaged(jobId, fraction)],
] as const)('the progress of %s', (_, name, record) => {
  const progress = async () => (await harness.jobs.load(jobId))?.[name];

  it.each([
    [[0], 0],
    [[0.2, 0.4], 0.4],
    [[0.4, 0.2], 0.4],
    [[1, 1, 0], 1],
  ])('that is told as %j is %d', async (fractions, expected) => {
    for (const fraction of fractions) await record(fraction);
    expect(await progress()).toBe(expected);
  });

  it('never falls with many writers at once', async () => {
    const fractions = Array.from({ length: 20 }, (_, index) => ((index * 7) % 20) / 20);
    const written = Promise.all(fractions.map(record));
    const seen: number[] = [];
    for (let reads = 0; reads < 10; reads++) seen.push((await progress()) ?? 0);
    await written;
    seen.push((await progress()) ?? 0);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(0.95);
  });
});

describe('an outcome', () => {
  it('is written down with when the outputs were delivered', async () => {
    await harness.jobs.recordOutcome(jobId, success, first);
    expect(await job()).toMatchObject({
      outcome: success,
      packaged_at: first.toISOString(),
      status: 'created',
    });
  });

  it('without outputs has no such time', async () => {
    await harness.jobs.recordOutcome(jobId, { error: failure }, first);
    expect(await job()).toMatchObject({ outcome: { error: failure } });
    expect(await job()).not.toHaveProperty('packaged_at');
  });

  it('stays as it was written first', async () => {
    await harness.jobs.recordOutcome(jobId, { error: failure }, first);
    await expect(harness.jobs.recordOutcome(jobId, success, later)).rejects.toBeInstanceOf(LostRaceError);
    expect(await job()).toMatchObject({ outcome: { error: failure } });
  });

  it.each(END_STATES)('comes too late for a job that is %s', async (end) => {
    await harness.jobs.end(jobId, { status: end, owesCallback: false, at: first });
    await expect(harness.jobs.recordOutcome(jobId, success, later)).rejects.toBeInstanceOf(LostRaceError);
    expect(await job()).not.toHaveProperty('outcome');
  });
});
