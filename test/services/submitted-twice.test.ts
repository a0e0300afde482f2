import { expect, it } from 'vitest';
import { LostRaceError } from '../../domain/errors.ts';
import { settleJob } from '../../services/settle-job.ts';
import { submitJob } from '../../services/submit-job.ts';
import { useBatch } from '../local/batch/harness.ts';
import { batchQueue, unusedQueue } from '../support/batch-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { useJobStore } from '../support/job-store.ts';
import { newJob, success } from '../support/jobs.ts';

const store = useJobStore();
const batch = useBatch();
const callbacks = useCallbackQueue();

const jobOf = async (jobId: string) => (await store.jobs.load(jobId))?.job;

/** The end of a Batch job, as its event tells of it. */
const batchJobEnds = (jobId: string, batchJobId: string) =>
  settleJob(
    { jobs: store.jobs, queue: unusedQueue, callbacks: callbacks.queue },
    {
      'detail-type': 'Batch Job State Change',
      source: 'aws.batch',
      detail: { jobId: batchJobId, jobName: `octet-${jobId}`, status: 'SUCCEEDED' },
    },
  );

it('has a job that was submitted twice be done by the worker that comes first', async () => {
  const job = newJob({ callback_status: 'waiting' });
  const { job_id: jobId } = job;
  await store.jobs.create(job);
  const queue = batchQueue(batch.client);
  const first = await queue.submit(job);
  // Whoever submitted it was lost before that was noted.
  await submitJob({ jobs: store.jobs, callbacks: callbacks.queue, queue }, jobId);
  const second = (await jobOf(jobId))?.batch_job_id ?? '';
  expect(second).not.toBe(first);
  await store.jobs.claim(jobId, first);
  await expect(store.jobs.claim(jobId, second)).rejects.toBeInstanceOf(LostRaceError);
  await batchJobEnds(jobId, second);
  expect(await jobOf(jobId)).toMatchObject({ status: 'created' });
  await store.jobs.recordOutcome(jobId, success, new Date());
  await batchJobEnds(jobId, first);
  await batchJobEnds(jobId, first);
  expect(await jobOf(jobId)).toMatchObject({ status: 'complete', callback_status: 'queued' });
  expect(await callbacks.take()).toEqual([jobId]);
});
