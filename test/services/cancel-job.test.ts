import { BatchClient } from '@aws-sdk/client-batch';
import { beforeEach, expect, it, vi } from 'vitest';
import type { JobQueue } from '../../services/batch.ts';
import { type CancelJobServices, cancelJob } from '../../services/cancel-job.ts';
import { submitJob } from '../../services/submit-job.ts';
import { useBatch } from '../local/batch/harness.ts';
import { batchQueue } from '../support/batch-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { useJobStore } from '../support/job-store.ts';
import { newJob, success } from '../support/jobs.ts';
import { storeThatLosesAnswers } from '../support/lost-answers.ts';

const store = useJobStore();
const batch = useBatch();
const callbacks = useCallbackQueue();
const at = new Date();
let services: CancelJobServices;
let jobId: string;

beforeEach(async () => {
  const queue = batchQueue(batch.client);
  services = { jobs: store.jobs, callbacks: callbacks.queue, queue };
  const job = newJob({ tenant: 'alice', callback_status: 'waiting' });
  await store.jobs.create(job);
  jobId = job.job_id;
});

const cancelled = {
  status: 'error',
  error: { code: 'cancelled', message: 'The job was cancelled.', retryable: false },
};

it('ends a job that waits, and its owner hears of it', async () => {
  expect(await cancelJob(services, 'alice', jobId)).toMatchObject({ job_id: jobId, ...cancelled });
  expect(await callbacks.take()).toEqual([jobId]);
  await submitJob(services, jobId);
  expect((await store.jobs.load(jobId))?.job).not.toHaveProperty('batch_job_id');
});

it.each<[string, () => Promise<void>, string]>([
  ['that was submitted', async () => {}, 'b-1'],
  ['that runs', () => store.jobs.claim(jobId, 'b-2'), 'b-2'],
])('ends a job %s, and stops its worker', async (_, change, batchJobId) => {
  await store.jobs.recordSubmission(jobId, 'b-1', at);
  await change();
  const stopped: string[][] = [];
  const queue: Pick<JobQueue, 'terminate'> = { terminate: async (...what) => void stopped.push(what) };
  expect(await cancelJob({ ...services, queue: queue as JobQueue }, 'alice', jobId)).toMatchObject(cancelled);
  expect(stopped).toEqual([[batchJobId, 'The job was cancelled.']]);
});

it('ends a job whose worker cannot be stopped just now: it stops by itself', async () => {
  await store.jobs.recordSubmission(jobId, 'b-1', at);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new BatchClient({
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  const queue = batchQueue(client);
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  expect(await cancelJob({ ...services, queue }, 'alice', jobId)).toMatchObject(cancelled);
  expect(String(write.mock.calls[0]?.[0])).toContain('could not be stopped');
  write.mockRestore();
  client.destroy();
});

it.each(['complete', 'error'] as const)('refuses a job that is %s already', async (status) => {
  if (status === 'complete') await store.jobs.recordOutcome(jobId, success, at);
  await store.jobs.end(jobId, { status, owesCallback: false, at });
  await expect(cancelJob(services, 'alice', jobId)).rejects.toMatchObject({
    code: 'conflict',
    status: 409,
    message: `The job has ended already: it is ${status}.`,
  });
});

it('says that a job is cancelled, and stops its worker, when the answer to the write was lost', async () => {
  await store.jobs.recordSubmission(jobId, 'b-1', at);
  const jobs = storeThatLosesAnswers(store.server.url, 'UpdateItemCommand');
  const stopped: string[][] = [];
  const queue: Pick<JobQueue, 'terminate'> = { terminate: async (...what) => void stopped.push(what) };
  expect(await cancelJob({ ...services, jobs, queue: queue as JobQueue }, 'alice', jobId)).toMatchObject(
    cancelled,
  );
  expect(stopped).toEqual([['b-1', 'The job was cancelled.']]);
});

it('lets those who cancel at once win, or a worker that is done at the same time', async () => {
  const ends = await Promise.allSettled([
    cancelJob(services, 'alice', jobId),
    cancelJob(services, 'alice', jobId),
    store.jobs.end(jobId, { status: 'complete', owesCallback: true, at }),
  ]);
  const [first, second, worker] = ends.map(({ status }) => status);
  expect(second).toBe(first);
  expect(worker).not.toBe(first);
});

it.each([
  ['another tenant', 'bob', () => jobId],
  ['nobody', 'alice', () => '01a211d3-12a6-75df-952f-ec46de41298b'],
  ['no id', 'alice', () => 'x'.repeat(3000)],
])("does not know a job of %s's", async (_, tenant, id) => {
  await expect(cancelJob(services, tenant, id())).rejects.toMatchObject({ code: 'not_found', status: 404 });
  expect((await store.jobs.load(jobId))?.job.status).toBe('created');
});
