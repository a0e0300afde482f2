import { beforeEach, describe, expect, it } from 'vitest';
import { LostRaceError } from '../../../domain/errors.ts';
import type { JobRecord } from '../../../domain/job/job-record.ts';
import { type EndState, JOB_STATES, statesBefore } from '../../../domain/job/job-state.ts';
import type { JobStore } from '../../../services/job-store/job-store.ts';
import { useJobStore } from '../../support/job-store.ts';
import { failure, newJob } from '../../support/jobs.ts';

const harness = useJobStore();
const [first, later] = [new Date('2026-01-01T00:00:01.000Z'), new Date('2026-01-01T00:00:02.000Z')];
let jobId: string;

beforeEach(() => create());

async function create(fields: Parameters<typeof newJob>[0] = {}): Promise<void> {
  const job = newJob({ sealed_callback: 'sealed callback', callback_status: 'waiting', ...fields });
  await harness.jobs.create(job);
  jobId = job.job_id;
}

async function job() {
  return (await harness.jobs.load(jobId))?.job;
}

describe('an end', () => {
  it.each(statesBefore('complete'))('may follow %s', async (status) => {
    await create({ status });
    await harness.jobs.end(jobId, { status: 'complete', owesCallback: false, at: first });
    expect(await job()).toMatchObject({ status: 'complete', finished_at: first.toISOString() });
    expect(await job()).not.toHaveProperty('error');
  });

  it('in an error says why', async () => {
    await harness.jobs.end(jobId, { status: 'error', error: failure, owesCallback: false, at: first });
    expect(await job()).toMatchObject({ status: 'error', error: failure });
  });

  it("removes the worker's secrets, and leaves those that the callback needs", async () => {
    await harness.jobs.end(jobId, { status: 'error', error: failure, owesCallback: false, at: first });
    const [item] = await harness.itemsOf(jobId);
    expect(item).not.toHaveProperty('sealed_work');
    expect(item).toMatchObject({ sealed_callback: 'sealed callback', callback_status: 'waiting' });
  });

  it.each<[EndState, EndState]>([
    ['complete', 'error'],
    ['error', 'complete'],
    ['complete', 'complete'],
  ])('that is %s is not followed by %s', async (one, other) => {
    await harness.jobs.end(jobId, { status: one, owesCallback: false, at: first });
    const before = await job();
    await expect(
      harness.jobs.end(jobId, { status: other, error: failure, owesCallback: false, at: later }),
    ).rejects.toBeInstanceOf(LostRaceError);
    expect(await job()).toEqual(before);
  });

  it('of many at once is one', async () => {
    const ends = Array.from({ length: 20 }, (_, index) =>
      harness.jobs.end(jobId, {
        status: index % 2 === 0 ? 'complete' : 'error',
        owesCallback: false,
        at: new Date(index),
      }),
    );
    const results = await Promise.allSettled(ends);
    const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(winners.map((index) => new Date(index).toISOString())).toEqual([(await job())?.finished_at]);
  });
});

describe('a callback', () => {
  type CallbackStatus = NonNullable<JobRecord['callback_status']>;

  it.each<[CallbackStatus, CallbackStatus[], CallbackStatus, boolean]>([
    ['waiting', ['waiting'], 'queued', true],
    ['waiting', ['waiting', 'queued'], 'delivered', true],
    ['queued', ['waiting', 'queued'], 'failed', true],
    ['queued', ['waiting'], 'queued', false],
    ['delivered', ['waiting', 'queued'], 'failed', false],
    ['failed', ['waiting', 'queued'], 'delivered', false],
  ])('that is %s and moves on from %j to %s', async (status, from, to, moves) => {
    await create({ callback_status: status });
    const move = harness.jobs.moveCallback(jobId, from, to);
    await (moves
      ? expect(move).resolves.toBeUndefined()
      : expect(move).rejects.toBeInstanceOf(LostRaceError));
    expect((await job())?.callback_status).toBe(moves ? to : status);
  });

  it('that nobody asked for does not move', async () => {
    await create({ callback_status: undefined });
    const move = harness.jobs.moveCallback(jobId, ['waiting'], 'queued');
    await expect(move).rejects.toBeInstanceOf(LostRaceError);
    expect(await job()).not.toHaveProperty('callback_status');
  });

  it('moves whatever the state of its job', async () => {
    for (const status of JOB_STATES) {
      await create({ status });
      await harness.jobs.moveCallback(jobId, ['waiting'], 'queued');
      expect(await job()).toMatchObject({ status, callback_status: 'queued' });
    }
  });
});

it.each<[string, (jobs: JobStore, jobId: string) => Promise<void>]>([
  ['a claim', (jobs, id) => jobs.claim(id, 'b-1')],
  ['a step', (jobs, id) => jobs.advance(id, 'encode_complete', first)],
  ['an end', (jobs, id) => jobs.end(id, { status: 'complete', owesCallback: false, at: first })],
  ['progress', (jobs, id) => jobs.recordEncoded(id, 0, 0.5)],
  ['a removal', (jobs, id) => jobs.remove(id)],
])('does not take what DynamoDB refuses for a lost race: %s', async (_, write) => {
  const tooLong = 'x'.repeat(3000);
  await expect(write(harness.jobs, tooLong)).rejects.toMatchObject({ name: 'ValidationException' });
});
