import { beforeEach, expect, it } from 'vitest';
import type { JobRecord } from '../../domain/job/job-record.ts';
import { redeliverCallback } from '../../services/redeliver-callback.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { useJobStore } from '../support/job-store.ts';
import { newJob } from '../support/jobs.ts';

const store = useJobStore();
const callbacks = useCallbackQueue();
const at = new Date();
let jobId: string;

beforeEach(() => create('waiting'));

async function create(callback_status: JobRecord['callback_status']): Promise<void> {
  const job = newJob({ tenant: 'alice', callback_status });
  await store.jobs.create(job);
  jobId = job.job_id;
}

const end = () => store.jobs.end(jobId, { status: 'complete', owesCallback: true, at });
const redeliver = (tenant = 'alice') =>
  redeliverCallback({ jobs: store.jobs, callbacks: callbacks.queue }, tenant, jobId);

it.each(['waiting', 'queued', 'delivered', 'failed'] as const)(
  'queues a callback that is %s again',
  async (status) => {
    await end();
    if (status !== 'waiting') await store.jobs.moveCallback(jobId, ['waiting'], status);
    expect(await redeliver()).toMatchObject({ job_id: jobId, status: 'complete' });
    expect(await callbacks.take()).toEqual([jobId]);
    expect((await store.jobs.load(jobId))?.job).toMatchObject({ callback_status: 'queued' });
  },
);

it('refuses a job that has not ended', async () => {
  await expect(redeliver()).rejects.toMatchObject({
    code: 'conflict',
    message: 'The job has not ended: it is created.',
  });
});

it('refuses a job without a callback', async () => {
  await create(undefined);
  await end();
  await expect(redeliver()).rejects.toMatchObject({
    code: 'conflict',
    message: 'The job was created without a callback.',
  });
});

it("does not know another tenant's job", async () => {
  await end();
  await expect(redeliver('bob')).rejects.toMatchObject({ code: 'not_found' });
  expect(await callbacks.take()).toEqual([]);
});
