import { beforeEach, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../domain/job/job-record.ts';
import type { Ending } from '../../domain/job/job-state.ts';
import { endJob } from '../../services/end-job.ts';
import { JobMessageQueue } from '../../services/job-message-queue.ts';
import { JobStore } from '../../services/job-store/job-store.ts';
import { sqsClient, useCallbackQueue } from '../support/callback-queue.ts';
import { dynamoDbClient, tableName, useJobStore } from '../support/job-store.ts';
import { failure, newJob } from '../support/jobs.ts';

const store = useJobStore();
const callbacks = useCallbackQueue();
const complete: Ending = { status: 'complete' };
const failed: Ending = { status: 'error', error: failure };
let jobId: string;

beforeEach(() => create('waiting'));

async function create(callback_status: JobRecord['callback_status']): Promise<void> {
  const job = newJob({ callback_status });
  await store.jobs.create(job);
  jobId = job.job_id;
}

async function job() {
  return (await store.jobs.load(jobId))?.job;
}

async function end(ending: Ending, queue = callbacks.queue): Promise<boolean> {
  const known = (await job()) ?? newJob({ callback_status: 'waiting', job_id: jobId });
  return endJob({ jobs: store.jobs, callbacks: queue }, known, ending);
}

it.each<[Ending, object]>([
  [complete, { status: 'complete' }],
  [failed, { status: 'error', error: failure }],
])('ends a job as %j, and queues its callback', async (ending, expected) => {
  expect(await end(ending)).toBe(true);
  expect(await job()).toMatchObject({ ...expected, callback_status: 'queued' });
  expect(await callbacks.take()).toEqual([jobId]);
});

it('sends nothing when nobody asked for a callback', async () => {
  await create(undefined);
  expect(await end(complete)).toBe(true);
  expect(await callbacks.take()).toEqual([]);
});

it('leaves a job that has ended as it is, and does not queue its callback again', async () => {
  await end(failed);
  await callbacks.take();
  const before = await job();
  expect(await end(complete)).toBe(false);
  expect(await job()).toEqual(before);
  expect(await callbacks.take()).toEqual([]);
});

it('ends a job once, however many see it end at the same time', async () => {
  const areFirst = await Promise.all(Array.from({ length: 10 }, () => end(complete)));
  expect(areFirst.filter(Boolean)).toHaveLength(1);
  expect(await job()).toMatchObject({ status: 'complete', callback_status: 'queued' });
  expect(new Set(await callbacks.take())).toEqual(new Set([jobId]));
});

it.each(['delivered', 'failed'] as const)('does not send a callback again that is %s', async (status) => {
  await create(status);
  await end(complete);
  expect(await job()).toMatchObject({ callback_status: status });
  expect(await callbacks.take()).toEqual([]);
});

it('does nothing about a job that is not there', async () => {
  jobId = 'none';
  expect(await end(complete)).toBe(false);
  expect(await callbacks.take()).toEqual([]);
});

it('passes on that DynamoDB failed, and does not call the job ended', async () => {
  const client = dynamoDbClient(store.server.url);
  client.middlewareStack.add((next, { commandName }) => async (args) => {
    if (commandName === 'UpdateItemCommand') throw new Error('DynamoDB is on holiday.');
    return next(args);
  });
  const jobs = new JobStore({ client, tableName });
  const known = newJob({ job_id: jobId });
  const ended = endJob({ jobs, callbacks: callbacks.queue }, known, complete);
  await expect(ended).rejects.toThrow('DynamoDB is on holiday.');
  expect(await job()).toMatchObject({ status: 'created' });
  expect(await callbacks.take()).toEqual([]);
  client.destroy();
});

describe('when the queue cannot be reached', () => {
  it('the callback stays owed, and the next who sees the end queues it', async () => {
    const client = sqsClient('http://127.0.0.1:9');
    const dead = new JobMessageQueue({ client, queueUrl: 'http://127.0.0.1:9/000000000000/none' });
    await expect(end(failed, dead)).rejects.toThrow();
    client.destroy();
    expect(await job()).toMatchObject({ status: 'error', callback_status: 'waiting' });
    expect(await end(complete)).toBe(false);
    expect(await job()).toMatchObject({ status: 'error', callback_status: 'queued' });
    expect(await callbacks.take()).toEqual([jobId]);
  });
});
