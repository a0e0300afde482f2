import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  describeJob,
  forever,
  isAlive,
  start,
  statusesOf,
  stop,
  submit,
  useBatch,
  waitFor,
  waitForFile,
  waitForStatus,
  withChild,
} from './harness.ts';

const harness = useBatch();
const retryStrategy = {
  attempts: 2,
  evaluateOnExit: [
    { onStatusReason: 'Host EC2*', action: 'RETRY' as const },
    { onReason: '*', action: 'EXIT' as const },
  ],
};
const firstForever = `if (process.env.AWS_BATCH_JOB_ATTEMPT === '1') { ${withChild} ${forever} }`;

const jobFile = (jobId: string) => join(harness.folder, `data/jobs/${jobId}.json`);
const readJob = (jobId: string) => JSON.parse(readFileSync(jobFile(jobId), 'utf8'));
const editJob = (jobId: string, changes: object) =>
  writeFileSync(jobFile(jobId), JSON.stringify({ ...readJob(jobId), ...changes }));

it('kills a worker that an earlier run has left, with its group, and runs the next attempt', async () => {
  const jobId = await submit(harness, firstForever, { retryStrategy });
  const child = Number(await waitForFile(harness, 'child'));
  const worker = readJob(jobId).process.pid;
  await stop(harness, false);
  expect([worker, child].map(isAlive)).toEqual([true, true]);
  await start(harness);
  expect([worker, child].map(isAlive)).toEqual([false, false]);
  const { attempts } = await waitForStatus(harness, jobId, 'SUCCEEDED');
  const statusReason = 'Host EC2 (instance local) terminated.';
  expect(attempts).toMatchObject([{ statusReason }, { container: { exitCode: 0 } }]);
  expect(harness.logged.join()).toContain(`killed the worker ${worker} of job ${jobId}`);
});

it('kills what is left of a group whose worker died meanwhile', async () => {
  const jobId = await submit(harness, firstForever, { retryStrategy });
  const child = Number(await waitForFile(harness, 'child'));
  const worker = readJob(jobId).process.pid;
  await stop(harness, false);
  process.kill(worker, 'SIGKILL');
  await waitFor(() => expect(isAlive(worker)).toBe(false));
  await start(harness);
  expect(isAlive(child)).toBe(process.platform !== 'linux');
});

it('leaves a process alone that only has the number of an earlier worker', async () => {
  const jobId = await submit(harness, forever, { retryStrategy });
  await waitForStatus(harness, jobId, 'RUNNING');
  const { pid } = readJob(jobId).process;
  await stop(harness, false);
  editJob(jobId, { process: { pid, startTime: 'another' } });
  await start(harness);
  expect(isAlive(pid)).toBe(true);
  process.kill(-pid, 'SIGKILL');
});

it('fails a job whose rules do not allow another attempt, and tells so', async () => {
  const jobId = await submit(harness, forever);
  await waitForStatus(harness, jobId, 'RUNNING');
  await stop(harness, false);
  await start(harness);
  const { statusReason } = await waitForStatus(harness, jobId, 'FAILED');
  expect(statusReason).toBe('Host EC2 (instance local) terminated.');
  await waitFor(() => expect(statusesOf(harness, jobId).at(-1)).toBe('FAILED'));
});

it('ends workers when it is told to, and tries their jobs again at the next start', async () => {
  const jobId = await submit(harness, firstForever, { retryStrategy });
  const child = Number(await waitForFile(harness, 'child'));
  await stop(harness, true);
  expect(isAlive(child)).toBe(false);
  await start(harness);
  await waitForStatus(harness, jobId, 'SUCCEEDED');
});

it('takes up jobs that waited, in their order', async () => {
  const single = { jobQueue: 'single' };
  await submit(harness, forever, single);
  const waiting = await submit(harness, "require('fs').appendFileSync(file('order'), '1')", single);
  const dependent = await submit(harness, "require('fs').appendFileSync(file('order'), '2')", {
    ...single,
    dependsOn: [{ jobId: waiting }],
  });
  const array = await submit(harness, '', {
    arrayProperties: { size: 2 },
    dependsOn: [{ jobId: dependent }],
  });
  await waitForStatus(harness, array, 'PENDING');
  await stop(harness, false);
  await start(harness);
  await waitForStatus(harness, array, 'SUCCEEDED');
  expect(await waitForFile(harness, 'order')).toBe('12');
});

it('a termination that was under way is not undone', async () => {
  const jobId = await submit(harness, forever, { retryStrategy });
  await waitForStatus(harness, jobId, 'RUNNING');
  await stop(harness, false);
  editJob(jobId, { termination: { reason: 'enough', by: 'terminate' } });
  await start(harness);
  const job = await waitForStatus(harness, jobId, 'FAILED');
  expect(job).toMatchObject({ statusReason: 'enough', isTerminated: true });
});

it('forgets jobs that ended more than seven days ago, and what they wrote', async () => {
  const [old, recent] = [await submit(harness, ''), await submit(harness, '')];
  for (const id of [old, recent]) await waitFor(() => expect(readJob(id).eventDelivered).toBe(true));
  const day = 24 * 3600 * 1000;
  await stop(harness, false);
  editJob(old, { stoppedAt: Date.now() - 8 * day });
  editJob(recent, { stoppedAt: Date.now() - 6 * day });
  await start(harness);
  await expect(describeJob(harness, old)).rejects.toThrow('There is no job');
  expect((await describeJob(harness, recent)).status).toBe('SUCCEEDED');
  const logs = [old, recent].map((id) => existsSync(join(harness.folder, 'data/logs', id)));
  expect(logs).toEqual([false, true]);
});

it('forgets an array whose submission was cut short', async () => {
  const jobId = await submit(harness, '', { jobQueue: 'single', arrayProperties: { size: 2 } });
  await waitForStatus(harness, jobId, 'SUCCEEDED');
  await stop(harness, false);
  writeFileSync(
    jobFile('none:0'),
    JSON.stringify({ ...readJob(`${jobId}:0`), jobId: 'none:0', child: { arrayJobId: 'none', index: 0 } }),
  );
  writeFileSync(jobFile('torn'), '{');
  await start(harness);
  expect(existsSync(jobFile('none:0'))).toBe(false);
  expect(existsSync(jobFile(jobId))).toBe(true);
  expect(harness.logged.join()).toContain('torn.json cannot be read');
});
