import { beforeEach, describe, expect, it } from 'vitest';
import { jobEndedPattern } from '../../domain/batch/job-ended-event.ts';
import { matches } from '../../local/events/pattern.ts';
import { settleJob } from '../../services/settle-job.ts';
import { attempt, type BatchEvent, JOB_ID, QUEUES, stateChange } from '../support/batch-events.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { useJobStore } from '../support/job-store.ts';
import { newJob, success } from '../support/jobs.ts';

const store = useJobStore();
const callbacks = useCallbackQueue();
const pattern = jobEndedPattern(QUEUES);
let jobName: string;
let jobs: { readonly ended: string; readonly other: string };

beforeEach(async () => {
  const [ended, other] = [newJob({ callback_status: 'waiting' }), newJob({ callback_status: 'waiting' })];
  for (const job of [ended, other]) await store.jobs.create(job);
  jobs = { ended: ended.job_id, other: other.job_id };
  jobName = `octet-${ended.job_id}`;
});

/** Hands an event on as EventBridge does. @returns how both jobs stand then */
async function publish(event: BatchEvent) {
  if (matches(pattern, event)) await settleJob({ jobs: store.jobs, callbacks: callbacks.queue }, event);
  const [ended, other] = await Promise.all([store.jobs.load(jobs.ended), store.jobs.load(jobs.other)]);
  return [ended?.job.status, ended?.job.error?.code, other?.job.status];
}

const hostLost = 'Host EC2 (instance i-0c3d2a5e6b7f8a9b0) terminated.';
const exited = 'Essential container in task exited';

describe('an event of Batch settles its job and no other, that is', () => {
  beforeEach(async () => {
    await store.jobs.claim(jobs.ended, JOB_ID);
  });

  it('a job that succeeded', async () => {
    await store.jobs.recordOutcome(jobs.ended, success, new Date());
    const event = stateChange({ jobName, statusReason: exited, attempts: [attempt({ exitCode: 0 })] });
    expect(await publish(event)).toEqual(['complete', undefined, 'created']);
    expect(await callbacks.take()).toEqual([jobs.ended]);
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

  it('the parent of an array', async () => {
    await store.jobs.recordOutcome(jobs.ended, success, new Date());
    const arrayProperties = { statusSummary: { SUCCEEDED: 2, FAILED: 0 }, size: 2 };
    const event = stateChange({ jobName, statusReason: 'Array Child Job succeeded', arrayProperties });
    expect(await publish(event)).toEqual(['complete', undefined, 'created']);
  });
});

describe('nothing is settled by', () => {
  it.each<[string, object]>([
    ['the child of an array', { jobId: `${JOB_ID}:0`, arrayProperties: { statusSummary: {}, index: 0 } }],
    ['a child that failed', { jobId: `${JOB_ID}:1`, status: 'FAILED', arrayProperties: { index: 1 } }],
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
