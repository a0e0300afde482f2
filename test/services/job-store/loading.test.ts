import { describe, expect, it } from 'vitest';
import { JobStore } from '../../../services/job-store/job-store.ts';
import { dynamoDbClient, tableName, useJobStore } from '../../support/job-store.ts';
import { newJob, success } from '../../support/jobs.ts';

const harness = useJobStore();
const at = new Date('2026-01-01T00:00:01.000Z');

describe('load', () => {
  it('finds nothing under an id that is not there', async () => {
    expect(await harness.jobs.load('none')).toBeUndefined();
  });

  it('gives a job with its defaults, and no progress in the beginning', async () => {
    const job = newJob({ metadata: { title: 'A film' } });
    await harness.jobs.create(job);
    const snapshot = await harness.jobs.load(job.job_id);
    expect(snapshot).toMatchObject({ job: { ...job, outputs: [{ preset: 'medium', qp: -1 }] } });
    expect(snapshot).toMatchObject({ encoded: 0, packaged: 0, callbacks: [] });
    expect(snapshot?.job).not.toHaveProperty('pk');
  });

  it('gives its progress, and the tries to deliver its callback in their order', async () => {
    const { job_id } = await created();
    const attempts = Array.from({ length: 12 }, (_, index) => ({ attempt: index + 1, at: at.toISOString() }));
    await harness.jobs.recordEncoded(job_id, 0, 0.75);
    await harness.jobs.recordPackaged(job_id, 0.25);
    for (const child of ['b-1:0', 'b-1:1', 'b-1:1'])
      await harness.jobs.recordEncodingSeconds(job_id, child, 4.5);
    for (const attempt of attempts.toReversed()) await harness.jobs.recordCallbackAttempt(job_id, attempt);
    expect(await harness.jobs.load(job_id)).toMatchObject({
      encoded: 0.75,
      packaged: 0.25,
      encodingSeconds: 9,
      callbacks: attempts,
    });
  });

  it('gives what a try to deliver has come to', async () => {
    const { job_id } = await created();
    const attempts = [
      { attempt: 1, at: at.toISOString(), error: 'It could not be reached.' },
      { attempt: 2, at: at.toISOString(), status: 500, error: 'It answered 500.' },
      { attempt: 3, at: at.toISOString(), status: 204 },
    ];
    for (const attempt of attempts) await harness.jobs.recordCallbackAttempt(job_id, attempt);
    expect((await harness.jobs.load(job_id))?.callbacks).toEqual(attempts);
  });

  it('keeps jobs apart', async () => {
    const [one, other] = [await created(), await created()];
    await harness.jobs.recordEncoded(other.job_id, 0, 0.5);
    expect(await harness.jobs.load(one.job_id)).toMatchObject({ job: { job_id: one.job_id }, encoded: 0 });
  });

  it('gives back what a worker has left, as it was', async () => {
    const { job_id } = await created();
    await harness.jobs.recordOutcome(job_id, success, at);
    expect((await harness.jobs.load(job_id))?.job.outcome).toEqual(success);
  });

  it('reads a record with fields, and beside it items, of a later version', async () => {
    const { job_id, outputs } = await created();
    const [item] = await harness.itemsOf(job_id);
    await harness.put({ ...item, priority: 3, outputs: [{ ...outputs[0], tune: 'film' }] });
    await harness.put({ pk: `job#${job_id}`, sk: 'thumbnail#0001', encoded: 1 });
    const snapshot = await harness.jobs.load(job_id);
    expect(snapshot).toMatchObject({ job: { job_id }, encoded: 0 });
    expect(snapshot?.job).not.toHaveProperty('priority');
  });

  it('refuses a record that lacks what every job has', async () => {
    await harness.put({ pk: 'job#broken', sk: 'job', job_id: 'broken' });
    await expect(harness.jobs.load('broken')).rejects.toThrow('Expected "tenant"');
  });

  it('asks for what was written last', async () => {
    const client = dynamoDbClient(harness.server.url);
    const inputs: object[] = [];
    client.middlewareStack.add((next) => (args) => {
      inputs.push(args.input);
      return next(args);
    });
    await new JobStore({ client, tableName }).load('none');
    expect(inputs).toMatchObject([{ ConsistentRead: true }]);
    client.destroy();
  });
});

async function created() {
  const job = newJob();
  await harness.jobs.create(job);
  return job;
}
