import { CancelJobCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { describe, expect, it } from 'vitest';
import {
  describeJob,
  forever,
  isAlive,
  statusesOf,
  submit,
  useBatch,
  waitFor,
  waitForFile,
  waitForStatus,
  withChild,
} from './harness.ts';

const harness = useBatch();
const reason = 'Cancelled by its owner';
const retryStrategy = { attempts: 3 };
const deaf = `process.on('SIGTERM', () => {}); require('fs').writeFileSync(file('deaf'), 'yes'); ${forever}`;
const polite = `process.on('SIGTERM', () => process.exit(0)); require('fs').writeFileSync(file('polite'), 'yes'); ${forever}`;

const cancel = (jobId: string) => harness.client.send(new CancelJobCommand({ jobId, reason }));
const terminate = (jobId: string) => harness.client.send(new TerminateJobCommand({ jobId, reason }));

describe('TerminateJob', () => {
  it('ends a worker that listens, which counts as failed however it exits, and is not retried', async () => {
    const jobId = await submit(harness, polite, { retryStrategy });
    await waitForFile(harness, 'polite');
    await terminate(jobId);
    const job = await waitForStatus(harness, jobId, 'FAILED');
    expect(job).toMatchObject({ statusReason: reason, isTerminated: true, isCancelled: false });
    expect(job.attempts).toMatchObject([{ statusReason: reason, container: { exitCode: 0 } }]);
  });

  it('kills a worker that does not listen when its grace is over, with its whole group', async () => {
    const jobId = await submit(harness, `${withChild} ${deaf}`);
    const child = Number(await waitForFile(harness, 'child'));
    await waitForFile(harness, 'deaf');
    expect(isAlive(child)).toBe(true);
    await terminate(jobId);
    const job = await waitForStatus(harness, jobId, 'FAILED');
    expect(job.container?.exitCode).toBe(137);
    await waitFor(() => expect(isAlive(child)).toBe(false));
  });

  it('ends a job that has not started', async () => {
    await submit(harness, forever, { jobQueue: 'single' });
    const jobId = await submit(harness, '', { jobQueue: 'single' });
    await waitForStatus(harness, jobId, 'RUNNABLE');
    await terminate(jobId);
    expect(await describeJob(harness, jobId)).toMatchObject({ status: 'FAILED', statusReason: reason });
  });

  it('ends all children of an array, whose parent gets the reason', async () => {
    const jobId = await submit(harness, forever, { arrayProperties: { size: 4 } });
    await waitForStatus(harness, `${jobId}:1`, 'RUNNING');
    await terminate(jobId);
    const job = await waitForStatus(harness, jobId, 'FAILED');
    expect(job).toMatchObject({ statusReason: reason, arrayProperties: { statusSummary: { FAILED: 4 } } });
    expect(statusesOf(harness, `${jobId}:3`)).not.toContain('RUNNING');
  });

  it('fails what depends on the job', async () => {
    const jobId = await submit(harness, forever);
    const next = await submit(harness, '', { dependsOn: [{ jobId }] });
    await waitForStatus(harness, jobId, 'RUNNING');
    await terminate(jobId);
    expect((await waitForStatus(harness, next, 'FAILED')).statusReason).toBe('Dependent Job failed');
  });
});

describe('CancelJob', () => {
  it('ends a job that waits for another', async () => {
    const jobId = await submit(harness, forever);
    const next = await submit(harness, '', { dependsOn: [{ jobId }] });
    await waitForStatus(harness, next, 'PENDING');
    await cancel(next);
    const job = await describeJob(harness, next);
    expect(job).toMatchObject({ status: 'FAILED', statusReason: reason, isCancelled: true });
  });

  it('leaves a job that runs alone', async () => {
    const jobId = await submit(harness, forever);
    await waitForStatus(harness, jobId, 'RUNNING');
    await cancel(jobId);
    await waitForStatus(harness, await submit(harness, ''), 'SUCCEEDED');
    expect(await describeJob(harness, jobId)).toMatchObject({ status: 'RUNNING', isCancelled: false });
  });

  it('ends the children of an array that have not started', async () => {
    const jobId = await submit(harness, forever, { arrayProperties: { size: 4 } });
    await waitForStatus(harness, `${jobId}:1`, 'RUNNING');
    await cancel(jobId);
    const { arrayProperties } = await describeJob(harness, jobId);
    expect(arrayProperties?.statusSummary).toMatchObject({ RUNNING: 2, FAILED: 2 });
  });
});

describe.each([
  ['CancelJob', cancel],
  ['TerminateJob', terminate],
])('%s', (_, end) => {
  it('is accepted for a job that has ended, and changes nothing', async () => {
    const jobId = await submit(harness, '');
    const before = await waitForStatus(harness, jobId, 'SUCCEEDED');
    await end(jobId);
    expect(await describeJob(harness, jobId)).toEqual(before);
  });

  it('is refused for a job that does not exist', async () => {
    await expect(end('none')).rejects.toMatchObject({
      name: 'ClientException',
      message: 'Job none does not exist',
    });
  });
});

describe('a timeout', () => {
  it.each([
    ['that listens', polite],
    ['that does not', deaf],
  ])('ends a worker %s, and the job is not retried', async (_, code) => {
    const timeout = { attemptDurationSeconds: 1 };
    const jobId = await submit(harness, code, { retryStrategy, timeout });
    const statusReason = 'Job attempt duration exceeded timeout';
    const job = await waitForStatus(harness, jobId, 'FAILED');
    expect(job).toMatchObject({ statusReason, timeout });
    expect(job.attempts).toMatchObject([{ statusReason }]);
  });
});
