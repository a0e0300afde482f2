import { beforeEach, describe, expect, it } from 'vitest';
import { jobEndedPattern } from '../../domain/batch/job-ended-event.ts';
import { matches } from '../../local/events/pattern.ts';
import { settleJob } from '../../services/settle-job.ts';
import { attempt, type BatchEvent, JOB_ID, QUEUES, stateChange } from '../support/batch-events.ts';
import { unusedQueue } from '../support/batch-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { useJobStore } from '../support/job-store.ts';
import { newJob, success } from '../support/jobs.ts';

const store = useJobStore();
const callbacks = useCallbackQueue();
const pattern = jobEndedPattern(QUEUES);
let terminated: string[];
const queue = Object.assign(Object.create(unusedQueue), {
  terminate: async (batchJobId: string) => terminated.push(batchJobId),
});
let jobName: string;
let jobs: { readonly ended: string; readonly other: string };

beforeEach(async () => {
  const [ended, other] = [newJob({ callback_status: 'waiting' }), newJob({ callback_status: 'waiting' })];
  for (const job of [ended, other]) await store.jobs.create(job);
  jobs = { ended: ended.job_id, other: other.job_id };
  jobName = `octet-${ended.job_id}`;
  terminated = [];
});

/** Hands an event on as EventBridge does. @returns how both jobs stand then */
async function publish(event: BatchEvent) {
  if (matches(pattern, event))
    await settleJob({ jobs: store.jobs, queue, callbacks: callbacks.queue }, event);
  const [ended, other] = await Promise.all([store.jobs.load(jobs.ended), store.jobs.load(jobs.other)]);
  return [ended?.job.status, ended?.job.error?.code, other?.job.status];
}

const hostLost = 'Host EC2 (instance i-0c3d2a5e6b7f8a9b0) terminated.';
const exited = 'Essential container in task exited';

describe('an event of Batch settles its job and no other, that is', () => {
  beforeEach(async () => {
    await store.jobs.claim(jobs.ended, JOB_ID);
  });

  it('what its attempts took of a machine, those that were lost too, and however often it is told', async () => {
    await store.jobs.recordOutcome(jobs.ended, success, new Date());
    const event = stateChange({
      jobName,
      attempts: [attempt({ statusReason: hostLost }), attempt({ exitCode: 0 })],
    });
    for (const _ of ['once', 'twice']) await publish(event);
    expect(await store.jobs.load(jobs.ended)).toMatchObject({ encodingSeconds: 200 });
  });

  it('a job that succeeded', async () => {
    await store.jobs.recordOutcome(jobs.ended, success, new Date());
    const event = stateChange({ jobName, statusReason: exited, attempts: [attempt({ exitCode: 0 })] });
    expect(await publish(event)).toEqual(['complete', undefined, 'created']);
    expect(await callbacks.take()).toContain(jobs.ended);
  });

  it.each<[string, object, string]>([
    [
      'that lost its host at every attempt',
      { statusReason: hostLost, attempts: Array(3).fill(attempt({ statusReason: hostLost })) },
      'infrastructure',
    ],
    [
      'whose container was killed',
      {
        statusReason: exited,
        attempts: [
          attempt({ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }),
        ],
      },
      'infrastructure',
    ],
    [
      'whose image could not be pulled',
      {
        statusReason: 'Task failed to start',
        attempts: [
          attempt({ reason: 'CannotPullContainerError: pull image manifest has been retried 5 time(s)' }),
        ],
      },
      'infrastructure',
    ],
    [
      'that ran too long',
      { statusReason: 'Job attempt duration exceeded timeout', attempts: [attempt({ exitCode: 137 })] },
      'timed_out',
    ],
    [
      'for which no instance could be had',
      {
        statusReason:
          'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested',
      },
      'infrastructure',
    ],
  ])('a job %s', async (_, fields, code) => {
    expect(await publish(stateChange({ jobName, status: 'FAILED', ...fields }))).toEqual([
      'error',
      code,
      'created',
    ]);
  });
});

describe('of the array that encodes a split job', () => {
  const child = { jobId: `${JOB_ID}:1`, arrayProperties: { statusSummary: {}, index: 1 } };
  const killed = { status: 'FAILED', statusReason: exited, attempts: [attempt({ exitCode: 137 })] };

  beforeEach(async () => {
    jobName = `octet-encode-${jobs.ended}`;
    await store.jobs.recordEncoding(jobs.ended, JOB_ID);
  });

  it('a child that failed ends the job, and the others are stopped', async () => {
    const event = stateChange({ jobName, ...child, ...killed });
    expect(await publish(event)).toEqual(['error', 'infrastructure', 'created']);
    expect(terminated).toEqual([JOB_ID]);
    expect(await callbacks.take()).toContain(jobs.ended);
  });

  it("a child's own word counts before what Batch says", async () => {
    const error = { code: 'input_corrupt', message: 'Not a picture.', retryable: false } as const;
    await store.jobs.recordOutcome(jobs.ended, { error }, new Date());
    const event = stateChange({ jobName, ...child, ...killed });
    expect(await publish(event)).toEqual(['error', 'input_corrupt', 'created']);
  });

  it('the whole ends the job when it failed, whatever was heard of its children', async () => {
    const event = stateChange({ jobName, status: 'FAILED', statusReason: 'Array Child Job failed' });
    expect(await publish(event)).toEqual(['error', 'infrastructure', 'created']);
  });

  it('what its children took of machines is added up, and not what packaging took', async () => {
    const attempts = [attempt({ exitCode: 0 })];
    for (const jobId of [`${JOB_ID}:0`, `${JOB_ID}:1`])
      await publish(stateChange({ jobName, jobId, attempts, arrayProperties: { index: 0 } }));
    await publish(stateChange({ jobName: `octet-${jobs.ended}`, jobId: 'packaging', attempts }));
    expect(await store.jobs.load(jobs.ended)).toMatchObject({ encodingSeconds: 200 });
  });

  it.each<[string, object]>([
    ['a child that succeeded', child],
    ['the whole when it succeeded', { arrayProperties: { statusSummary: { SUCCEEDED: 2 }, size: 2 } }],
    ['a child of an array that was submitted once too often', { ...child, ...killed, jobId: 'other:1' }],
  ])('%s ends nothing', async (_, fields) => {
    expect(await publish(stateChange({ jobName, ...fields }))).toEqual(['created', undefined, 'created']);
    expect(terminated).toEqual([]);
  });
});

describe('nothing is settled by', () => {
  it.each<[string, object]>([
    ['a job that is queued', { status: 'RUNNABLE' }],
    ['a job that starts', { status: 'STARTING' }],
    ['a job that runs', { status: 'RUNNING' }],
    ["another service's queue", { jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/other' }],
  ])('%s', async (_, fields) => {
    expect(await publish(stateChange({ jobName, ...fields }))).toEqual(['created', undefined, 'created']);
  });

  it("another service's job in our queue", async () => {
    expect(await publish(stateChange({ jobName: 'echo' }))).toEqual(['created', undefined, 'created']);
  });

  it("another service's event", async () => {
    const event = { ...stateChange({ jobName }), source: 'aws.ecs', 'detail-type': 'ECS Task State Change' };
    expect(await publish(event)).toEqual(['created', undefined, 'created']);
  });
});
