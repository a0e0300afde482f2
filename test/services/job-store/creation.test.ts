import { describe, expect, it } from 'vitest';
import { LostRaceError } from '../../../domain/errors.ts';
import { JobStore } from '../../../services/job-store/job-store.ts';
import { tableName, useJobStore } from '../../support/job-store.ts';
import { newJob, success } from '../../support/jobs.ts';

const harness = useJobStore();
const at = new Date('2026-01-01T00:00:01.000Z');

describe('create', () => {
  it('stores a job, to be forgotten after 90 days', async () => {
    const job = newJob({ metadata: { title: 'A film' }, callback_status: 'waiting' });
    await harness.jobs.create(job);
    const [item, ...others] = await harness.itemsOf(job.job_id);
    const expires_at = Date.parse('2026-04-01T00:00:00.000Z') / 1000;
    const attention = { attention: 'submission', attention_at: '2026-01-01T00:01:00.000Z' };
    expect(item).toEqual({ pk: `job#${job.job_id}`, sk: 'job', ...job, ...attention, expires_at });
    expect(others).toEqual([]);
  });

  it('keeps jobs as long as it is told', async () => {
    const jobs = new JobStore({ client: harness.client, tableName, retentionDays: 1 });
    const job = newJob();
    await jobs.create(job);
    const expires_at = Date.parse('2026-01-02T00:00:00.000Z') / 1000;
    expect(await harness.itemsOf(job.job_id)).toMatchObject([{ expires_at }]);
  });

  it('leaves out what a job does not have', async () => {
    const job = newJob({ metadata: undefined, input: { container: 'MP4', duration_s: undefined } });
    await harness.jobs.create(job);
    const [item] = await harness.itemsOf(job.job_id);
    expect(item).not.toHaveProperty('metadata');
    expect(item?.input).toEqual({ container: 'MP4' });
  });

  it('refuses an id that is taken, and leaves the job that has it', async () => {
    const job = newJob();
    await harness.jobs.create(job);
    await expect(harness.jobs.create({ ...job, tenant: 'bob' })).rejects.toBeInstanceOf(LostRaceError);
    expect((await harness.jobs.load(job.job_id))?.job.tenant).toBe('alice');
  });
});

describe('remove', () => {
  it('leaves nothing of a job', async () => {
    const { job_id } = await created();
    await harness.jobs.remove(job_id);
    expect(await harness.itemsOf(job_id)).toEqual([]);
  });

  it('does nothing to a job that is not there', async () => {
    await expect(harness.jobs.remove('none')).resolves.toBeUndefined();
  });

  it('refuses a job that a worker has taken on', async () => {
    const { job_id } = await created();
    await harness.jobs.claim(job_id, 'b-1');
    await expect(harness.jobs.remove(job_id)).rejects.toBeInstanceOf(LostRaceError);
    expect(await harness.jobs.load(job_id)).toBeDefined();
  });
});

describe('a job that was removed', () => {
  it.each<[string, (jobs: JobStore, jobId: string) => Promise<void>]>([
    ['its submission', (jobs, jobId) => jobs.recordSubmission(jobId, 'b-1', at)],
    ['a claim', (jobs, jobId) => jobs.claim(jobId, 'b-1')],
    ['a step', (jobs, jobId) => jobs.advance(jobId, 'encode_in_progress', at)],
    ['an outcome', (jobs, jobId) => jobs.recordOutcome(jobId, success, at)],
    ['its end', (jobs, jobId) => jobs.end(jobId, { status: 'complete', owesCallback: false, at })],
    ["its callback's state", (jobs, jobId) => jobs.moveCallback(jobId, ['waiting'], 'queued')],
  ])('is not made anew by %s', async (_, write) => {
    const { job_id } = await created();
    await harness.jobs.remove(job_id);
    await expect(write(harness.jobs, job_id)).rejects.toBeInstanceOf(LostRaceError);
    expect(await harness.itemsOf(job_id)).toEqual([]);
  });

  // An update of another item cannot depend on the job's without a transaction.
  it.each<[string, (jobs: JobStore, jobId: string) => Promise<void>]>([
    ['progress', (jobs, jobId) => jobs.recordEncoded(jobId, 0, 0.5)],
    ['progress of its packaging', (jobs, jobId) => jobs.recordPackaged(jobId, 0.5)],
    [
      'a try to deliver its callback',
      (jobs, jobId) => jobs.recordCallbackAttempt(jobId, { attempt: 1, at: at.toISOString() }),
    ],
  ])('may be left with %s, which nobody sees and which expires', async (_, write) => {
    const { job_id } = await created();
    await harness.jobs.remove(job_id);
    await write(harness.jobs, job_id);
    expect(await harness.jobs.load(job_id)).toBeUndefined();
    expect(await harness.itemsOf(job_id)).toMatchObject([{ expires_at: expect.any(Number) }]);
  });
});

async function created() {
  const job = newJob();
  await harness.jobs.create(job);
  return job;
}
