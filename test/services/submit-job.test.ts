import { BatchClient, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { beforeEach, expect, it } from 'vitest';
import { type SubmitJobServices, submitJob } from '../../services/submit-job.ts';
import { useBatch } from '../local/batch/harness.ts';
import { batchQueue } from '../support/batch-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { useJobStore } from '../support/job-store.ts';
import { newJob } from '../support/jobs.ts';

const store = useJobStore();
const batch = useBatch();
const callbacks = useCallbackQueue();
let services: SubmitJobServices;
let jobId: string;

beforeEach(async () => {
  const queue = batchQueue(batch.client);
  services = { jobs: store.jobs, callbacks: callbacks.queue, queue };
  const job = newJob({ callback_status: 'waiting' });
  await store.jobs.create(job);
  jobId = job.job_id;
});

async function job() {
  return (await store.jobs.load(jobId))?.job;
}

it('submits a job once, however often it is asked to', async () => {
  await submitJob(services, jobId);
  const first = await job();
  await submitJob(services, jobId);
  expect(await job()).toEqual(first);
  const { jobs } = await batch.client.send(new DescribeJobsCommand({ jobs: [first?.batch_job_id ?? ''] }));
  expect(jobs).toMatchObject([{ jobName: `octet-${jobId}`, shareIdentifier: 'alice' }]);
});

it.each<[string, () => Promise<void>]>([
  ['a worker has taken on', () => store.jobs.claim(jobId, 'b-1')],
  ['has ended', () => store.jobs.end(jobId, { status: 'complete', owesCallback: false, at: new Date() })],
  ['was taken back', () => store.jobs.remove(jobId)],
])('leaves a job alone that %s', async (_, change) => {
  await change();
  const before = await job();
  await submitJob(services, jobId);
  expect(await job()).toEqual(before);
});

it('submits a split job anew whose parts were submitted, and are at work, when nobody had noted that', async () => {
  const plan = { children: 2, spans: [{ start: 0, end: 5 }, { start: 5 }], side_by_side: 1 };
  const split = newJob({ plan });
  await store.jobs.create(split);
  jobId = split.job_id;
  await store.jobs.advance(jobId, 'encode_in_progress', new Date());
  await submitJob(services, jobId);
  const { encode_job_id = '', batch_job_id = '' } = (await job()) ?? {};
  const { jobs } = await batch.client.send(new DescribeJobsCommand({ jobs: [encode_job_id, batch_job_id] }));
  expect(jobs).toMatchObject([{ arrayProperties: { size: 2 } }, { dependsOn: [{ jobId: encode_job_id }] }]);
});

it('ends a job that Batch will not have, and its owner hears of it', async () => {
  const queue = batchQueue(batch.client, 'none');
  await submitJob({ ...services, queue }, jobId);
  expect(await job()).toMatchObject({
    status: 'error',
    error: {
      code: 'infrastructure',
      message: 'The job could not be queued; send it again.',
      retryable: true,
    },
  });
  expect(await callbacks.take()).toEqual([jobId]);
});

it('leaves a job for later when Batch cannot be reached', async () => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new BatchClient({
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  const queue = batchQueue(client);
  await expect(submitJob({ ...services, queue }, jobId)).rejects.toThrow('ECONNREFUSED');
  expect(await job()).toMatchObject({ status: 'created' });
  client.destroy();
});
