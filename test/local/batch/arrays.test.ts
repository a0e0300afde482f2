import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  describeJob,
  forever,
  statusesOf,
  submit,
  untilGo,
  useBatch,
  waitFor,
  waitForFile,
  waitForStatus,
} from './harness.ts';

const harness = useBatch();
const note = "require('fs').appendFileSync(file('order'), process.env.AWS_BATCH_JOB_ARRAY_INDEX ?? 'x')";
const array = (size: number) => ({ arrayProperties: { size } });

describe('an array', () => {
  it('runs a child for each index', async () => {
    const jobId = await submit(harness, note, array(3));
    const job = await waitForStatus(harness, jobId, 'SUCCEEDED');
    expect(job.arrayProperties).toMatchObject({ size: 3, statusSummary: { SUCCEEDED: 3, FAILED: 0 } });
    expect([...(await waitForFile(harness, 'order'))].sort().join('')).toBe('012');
    const child = await describeJob(harness, `${jobId}:2`);
    expect(child).toMatchObject({ status: 'SUCCEEDED', jobName: 'job', arrayProperties: { index: 2 } });
  });

  it('is pending while its children run, with events for itself and for each child', async () => {
    const jobId = await submit(harness, untilGo, array(2));
    const child = await waitForStatus(harness, `${jobId}:1`, 'RUNNING');
    expect(child.jobArn).toBe(`arn:aws:batch:us-east-1:000000000000:job/${jobId}:1`);
    const parent = await describeJob(harness, jobId);
    expect(parent).toMatchObject({ status: 'PENDING', arrayProperties: { statusSummary: { RUNNING: 2 } } });
    writeFileSync(join(harness.folder, 'go'), '');
    await waitFor(() => expect(statusesOf(harness, jobId)).toEqual(['SUBMITTED', 'PENDING', 'SUCCEEDED']));
    const childStatuses = ['SUBMITTED', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED'];
    expect(statusesOf(harness, `${jobId}:0`)).toEqual(childStatuses);
  });

  it('fails when a child failed, but not before the others are done', async () => {
    const code = `if (process.env.AWS_BATCH_JOB_ARRAY_INDEX === '0') process.exit(1); ${untilGo}`;
    const jobId = await submit(harness, code, array(2));
    await waitForStatus(harness, `${jobId}:0`, 'FAILED');
    await waitForStatus(harness, `${jobId}:1`, 'RUNNING');
    expect((await describeJob(harness, jobId)).status).toBe('PENDING');
    writeFileSync(join(harness.folder, 'go'), '');
    const job = await waitForStatus(harness, jobId, 'FAILED');
    expect(job.statusReason).toBe('Array Child Job failed');
    expect(job.arrayProperties?.statusSummary).toMatchObject({ SUCCEEDED: 1, FAILED: 1 });
  });

  it('retries each child by itself', async () => {
    const code = 'process.exit(process.env.AWS_BATCH_JOB_ATTEMPT === "1" ? 1 : 0)';
    const jobId = await submit(harness, code, { ...array(2), retryStrategy: { attempts: 2 } });
    await waitForStatus(harness, jobId, 'SUCCEEDED');
    expect((await describeJob(harness, `${jobId}:0`)).attempts).toHaveLength(2);
  });

  it('runs its children one after another when they are sequential', async () => {
    const jobId = await submit(harness, note, { ...array(3), dependsOn: [{ type: 'SEQUENTIAL' }] });
    await waitForStatus(harness, jobId, 'SUCCEEDED');
    expect(await waitForFile(harness, 'order')).toBe('012');
  });

  it('fails all later children of a sequence in which one fails', async () => {
    const code = `${note}; process.exit(Number(process.env.AWS_BATCH_JOB_ARRAY_INDEX))`;
    const jobId = await submit(harness, code, { ...array(4), dependsOn: [{ type: 'SEQUENTIAL' }] });
    await waitForStatus(harness, jobId, 'FAILED');
    expect(await waitForFile(harness, 'order')).toBe('01');
    expect((await describeJob(harness, `${jobId}:3`)).statusReason).toBe('Dependent Job failed');
  });
});

describe('a job that depends on others', () => {
  it('waits until all have succeeded', async () => {
    const first = await submit(harness, untilGo);
    const second = await submit(harness, '');
    const dependsOn = [{ jobId: first }, { jobId: second }];
    const last = await submit(harness, note, { dependsOn });
    await waitForStatus(harness, second, 'SUCCEEDED');
    expect(await waitForStatus(harness, last, 'PENDING')).toMatchObject({ dependsOn });
    writeFileSync(join(harness.folder, 'go'), '');
    await waitForStatus(harness, last, 'SUCCEEDED');
    expect(statusesOf(harness, last).slice(0, 3)).toEqual(['SUBMITTED', 'PENDING', 'RUNNABLE']);
  });

  it('runs after a whole array', async () => {
    const parent = await submit(harness, note, array(3));
    const last = await submit(harness, note, { dependsOn: [{ jobId: parent }] });
    await waitForStatus(harness, last, 'SUCCEEDED');
    expect(await waitForFile(harness, 'order')).toMatch(/^[012]{3}x$/);
  });

  it('fails without being run when one of them fails, and so does what depends on it', async () => {
    const slow = await submit(harness, forever);
    const bad = await submit(harness, 'process.exit(1)');
    const next = await submit(harness, note, { dependsOn: [{ jobId: slow }, { jobId: bad }] });
    const last = await submit(harness, note, { dependsOn: [{ jobId: next }] });
    const job = await waitForStatus(harness, last, 'FAILED');
    expect(job).toMatchObject({ statusReason: 'Dependent Job failed', attempts: [] });
    expect(job.startedAt).toBeUndefined();
  });

  it('fails at once when one of them had failed before', async () => {
    const bad = await submit(harness, 'process.exit(1)');
    await waitForStatus(harness, bad, 'FAILED');
    const next = await submit(harness, note, { ...array(2), dependsOn: [{ jobId: bad }] });
    await waitForStatus(harness, next, 'FAILED');
    expect((await describeJob(harness, `${next}:1`)).statusReason).toBe('Dependent Job failed');
  });

  it('has each child wait for the child of the same index of another array', async () => {
    const code = `if (process.env.AWS_BATCH_JOB_ARRAY_INDEX === '1') { ${untilGo} }`;
    const first = await submit(harness, code, array(2));
    const second = await submit(harness, '', { ...array(2), dependsOn: [{ jobId: first, type: 'N_TO_N' }] });
    await waitForStatus(harness, `${second}:0`, 'SUCCEEDED');
    expect((await describeJob(harness, `${second}:1`)).status).toBe('PENDING');
    writeFileSync(join(harness.folder, 'go'), '');
    await waitForStatus(harness, second, 'SUCCEEDED');
  });
});
