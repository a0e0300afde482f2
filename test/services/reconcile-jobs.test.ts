import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewJobRecord } from '../../domain/job/job-record.ts';
import { NAMES } from '../../local/resources.ts';
import type { BatchJobState, JobQueue } from '../../services/batch.ts';
import { reconcileJobs } from '../../services/reconcile-jobs.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { tableName, useJobStore } from '../support/job-store.ts';
import { failure, newJob, success } from '../support/jobs.ts';

const store = useJobStore();
const callbacks = useCallbackQueue();
const submissions = useCallbackQueue(NAMES.submissionQueue);

/** When jobs of `newJob` are made. */
const created = new Date('2026-01-01T00:00:00.000Z');
const after = (seconds: number) => new Date(created.getTime() + seconds * 1000);
const nothing = { submission: 0, end: 0, callback: 0 };

let batchJob: BatchJobState;
let asked: string[];
let jobId: string;
const ids: string[] = [];

beforeEach(async () => {
  asked = [];
  jobId = await stored({});
});

// What one test leaves overdue the next would find.
afterEach(async () => {
  for (const id of ids.splice(0)) {
    const Key = { pk: { S: `job#${id}` }, sk: { S: 'job' } };
    await store.client.send(new DeleteItemCommand({ TableName: tableName, Key }));
  }
  await Promise.all([callbacks.take(), submissions.take()]);
});

async function stored(fields: Partial<NewJobRecord>): Promise<string> {
  const job = newJob({ callback_status: 'waiting', ...fields });
  await store.jobs.create(job);
  ids.push(job.job_id);
  return job.job_id;
}

async function job() {
  return (await store.jobs.load(jobId))?.job;
}

function reconcile(seconds: number) {
  const find = async (batchJobId: string) => {
    asked.push(batchJobId);
    return batchJob;
  };
  return reconcileWith({ find }, seconds);
}

function reconcileWith(queue: Pick<JobQueue, 'find'>, seconds: number) {
  const services = {
    jobs: store.jobs,
    finder: store.finder,
    callbacks: callbacks.queue,
    submissions: submissions.queue,
  };
  return reconcileJobs({ ...services, queue: queue as JobQueue }, after(seconds));
}

const endedAs = (status: 'SUCCEEDED' | 'FAILED'): BatchJobState => ({
  state: 'ended',
  detail: { jobId: 'b-1', jobName: `octet-${jobId}`, status, attempts: [] },
});

describe('a job that was stored and never submitted', () => {
  it('is left to create for a minute', async () => {
    expect(await reconcile(59)).toEqual(nothing);
    expect(await submissions.take()).toEqual([]);
  });

  it('is then queued to be submitted, and a minute later again', async () => {
    expect(await reconcile(61)).toEqual({ ...nothing, submission: 1 });
    expect(await reconcile(62)).toEqual(nothing);
    expect(await reconcile(122)).toEqual({ ...nothing, submission: 1 });
    expect(await submissions.take()).toEqual([jobId, jobId]);
  });
});

describe('a job that was submitted', () => {
  beforeEach(() => store.jobs.recordSubmission(jobId, 'b-1', created));

  it('is not looked for in Batch for ten minutes', async () => {
    expect(await reconcile(599)).toEqual(nothing);
    expect(asked).toEqual([]);
  });

  it('goes on as long as Batch has it, and is looked for again', async () => {
    batchJob = { state: 'live' };
    expect(await reconcile(601)).toEqual(nothing);
    expect(await reconcile(1200)).toEqual(nothing);
    expect(await reconcile(1202)).toEqual(nothing);
    expect(asked).toEqual(['b-1', 'b-1']);
    expect(await job()).toMatchObject({ status: 'created' });
  });

  it.each([
    ['complete', { outcome: success }, 'SUCCEEDED', { status: 'complete' }],
    ['failed', { outcome: { error: failure } }, 'FAILED', { status: 'error', error: failure }],
    ['lost', {}, 'FAILED', { status: 'error', error: { code: 'infrastructure' } }],
  ] as const)(
    'and ended there as %s is settled, and its owner hears of it',
    async (_, { outcome }: { outcome?: object }, status, expected) => {
      if (outcome) await store.jobs.recordOutcome(jobId, outcome, created);
      batchJob = endedAs(status);
      expect(await reconcile(601)).toEqual({ ...nothing, end: 1 });
      expect(await job()).toMatchObject(expected);
      expect(await callbacks.take()).toEqual([jobId]);
      expect(await reconcile(100_000)).toEqual(nothing);
    },
  );

  it('is looked for under the Batch job that has taken it on', async () => {
    await store.jobs.claim(jobId, 'b-2');
    batchJob = { state: 'live' };
    await reconcile(601);
    expect(asked).toEqual(['b-2']);
  });

  it.each<[string, BatchJobState['state']]>([
    ['ended', 'ended'],
    ['is forgotten', 'gone'],
  ])(
    'and whose worker writes its last word while Batch is asked, where it %s, is complete',
    async (_, state) => {
      const find = async (): Promise<BatchJobState> => {
        await store.jobs.recordOutcome(jobId, success, created);
        return state === 'ended' ? endedAs('SUCCEEDED') : { state: 'gone' };
      };
      expect(await reconcileWith({ find }, 601)).toEqual({ ...nothing, end: 1 });
      expect(await job()).toMatchObject({ status: 'complete' });
      expect(await callbacks.take()).toEqual([jobId]);
    },
  );

  it('and that another worker takes on while Batch is asked goes on', async () => {
    const find = async (): Promise<BatchJobState> => {
      await store.jobs.claim(jobId, 'b-2');
      return endedAs('SUCCEEDED');
    };
    expect(await reconcileWith({ find }, 601)).toEqual(nothing);
    expect(await job()).toMatchObject({ status: 'created' });
  });

  it('and that Batch has forgotten fails', async () => {
    batchJob = { state: 'gone' };
    expect(await reconcile(601)).toEqual({ ...nothing, end: 1 });
    expect(await job()).toMatchObject({
      status: 'error',
      error: { code: 'infrastructure', retryable: true },
    });
    expect(await callbacks.take()).toEqual([jobId]);
  });
});

describe('a job that has ended', () => {
  const end = (owesCallback: boolean) =>
    store.jobs.end(jobId, { status: 'complete', owesCallback, at: created });

  it('and whose callback was never queued gets it queued, once', async () => {
    await end(true);
    expect(await reconcile(59)).toEqual(nothing);
    expect(await reconcile(61)).toEqual({ ...nothing, callback: 1 });
    expect(await reconcile(100_000)).toEqual(nothing);
    expect(await callbacks.take()).toEqual([jobId]);
  });

  it('and owes no callback is not looked at again', async () => {
    await end(false);
    expect(await reconcile(100_000)).toEqual(nothing);
    expect(await job()).not.toHaveProperty('attention');
  });
});

it('helps many jobs, of which one cannot be helped', async () => {
  const three = [jobId, await stored({}), await stored({})];
  for (const id of three) await store.jobs.recordSubmission(id, `b-${id}`, created);
  const find = async (id: string): Promise<BatchJobState> => {
    if (id === `b-${three[0]}`) throw new Error('Batch is on holiday.');
    return { state: 'gone' };
  };
  expect(await reconcileWith({ find }, 601)).toMatchObject({ end: 2 });
  expect((await callbacks.take()).sort()).toEqual(three.slice(1).sort());
});
