import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../domain/job/job-record.ts';
import type { JobQueue } from '../../services/batch.ts';
import { settleJob } from '../../services/settle-job.ts';
import { unusedQueue } from '../support/batch-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { useJobStore } from '../support/job-store.ts';
import { failure, newJob, success } from '../support/jobs.ts';
import { storeThatLosesAnswers } from '../support/lost-answers.ts';

const store = useJobStore();
const callbacks = useCallbackQueue();
const at = new Date('2026-01-01T00:00:01.000Z');
let jobId: string;

beforeEach(async () => {
  const job = newJob({ callback_status: 'waiting' });
  await store.jobs.create(job);
  jobId = job.job_id;
});

async function job() {
  return (await store.jobs.load(jobId))?.job;
}

function settle(detail: object = {}, rest: object = {}): Promise<void> {
  return settleJob(
    { jobs: store.jobs, queue: unusedQueue, callbacks: callbacks.queue },
    {
      'detail-type': 'Batch Job State Change',
      source: 'aws.batch',
      detail: { jobId: 'b-1', jobName: `octet-${jobId}`, status: 'SUCCEEDED', ...detail },
      ...rest,
    },
  );
}

const lost = {
  status: 'FAILED',
  statusReason: 'Host EC2 (instance i-1) terminated.',
  attempts: [{ statusReason: 'Host EC2 (instance i-1) terminated.' }],
};

it.each<[string, Outcome, object, object]>([
  ['that has done its work', success, {}, { status: 'complete' }],
  ['that failed', { error: failure }, { status: 'FAILED' }, { status: 'error', error: failure }],
  ['that was lost when its work was done', success, lost, { status: 'complete' }],
])('takes the word of a worker %s', async (_, outcome, detail, expected) => {
  await store.jobs.claim(jobId, 'b-1');
  await store.jobs.recordOutcome(jobId, outcome, at);
  await settle(detail);
  expect(await job()).toMatchObject({ ...expected, callback_status: 'queued' });
  expect(await callbacks.take()).toEqual([jobId]);
});

it.each([true, false])('ends a job whose worker left no word (claimed: %s)', async (isClaimed) => {
  if (isClaimed) await store.jobs.claim(jobId, 'b-1');
  await settle(lost);
  expect(await job()).toMatchObject({ status: 'error', error: { code: 'infrastructure', retryable: true } });
  expect(await callbacks.take()).toEqual([jobId]);
});

it('settles once what it hears twice', async () => {
  await store.jobs.recordOutcome(jobId, success, at);
  await settle();
  const before = await job();
  await settle();
  await settle(lost);
  expect(await job()).toEqual(before);
  expect(await callbacks.take()).toEqual([jobId]);
});

it('does nothing when another Batch job than that of the worker ends', async () => {
  await store.jobs.claim(jobId, 'b-1');
  await settle({ ...lost, jobId: 'b-2' });
  expect(await job()).toMatchObject({ status: 'created', callback_status: 'waiting' });
  expect(await callbacks.take()).toEqual([]);
});

it.each(['octet-none', 'another-job', 'octet-'])('does nothing about the Batch job %s', async (jobName) => {
  await settle({ jobName });
  expect(await job()).toMatchObject({ status: 'created' });
});

it.each([
  ['another kind of event', {}, { 'detail-type': 'Batch Job Queue Blocked' }],
  ['a Batch job that still runs', { status: 'RUNNING' }, {}],
])('refuses %s, so that it is not lost without a word', async (_, detail, rest) => {
  await expect(settle(detail, rest)).rejects.toThrow();
  expect(await job()).toMatchObject({ status: 'created' });
});

describe('when a part of a split job has failed', () => {
  const part = { jobId: 'array-1:3', jobName: '' };
  let stopped: string[];

  beforeEach(async () => {
    stopped = [];
    part.jobName = `octet-encode-${jobId}`;
    await store.jobs.recordEncoding(jobId, 'array-1');
  });

  const partFails = (jobs = store.jobs, detail: object = lost) =>
    settleJob(
      { jobs, queue: queue as JobQueue, callbacks: callbacks.queue },
      {
        'detail-type': 'Batch Job State Change',
        source: 'aws.batch',
        detail: { ...detail, ...part },
      },
    );
  const queue: Pick<JobQueue, 'terminate'> = { terminate: async (id) => void stopped.push(id) };

  it('the job ends, and its other parts are stopped', async () => {
    await partFails();
    expect(await job()).toMatchObject({ status: 'error', error: { code: 'infrastructure' } });
    expect(stopped).toEqual(['array-1']);
    expect(await callbacks.take()).toEqual([jobId]);
  });

  it('they are stopped too when the answer to the write was lost', async () => {
    await partFails(storeThatLosesAnswers(store.server.url, 'UpdateItemCommand'));
    expect(await job()).toMatchObject({ status: 'error' });
    expect(stopped).toEqual(['array-1']);
    await callbacks.take();
  });

  it('and it was done before the event came, nothing is stopped', async () => {
    await store.jobs.recordOutcome(jobId, success, at);
    await partFails();
    expect(await job()).toMatchObject({ status: 'complete' });
    expect(stopped).toEqual([]);
    await callbacks.take();
  });
});
