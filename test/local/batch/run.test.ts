import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeComputeEnvironmentsCommand, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { describe, expect, it } from 'vitest';
import {
  describeJob,
  forever,
  isAlive,
  statusesOf,
  submit,
  untilGo,
  useBatch,
  waitFor,
  waitForFile,
  waitForStatus,
  withChild,
} from './harness.ts';

const harness = useBatch();

describe('a job', () => {
  it('goes through its states, each with an event, in order', async () => {
    const jobId = await submit(harness, '');
    await waitForStatus(harness, jobId, 'SUCCEEDED');
    await waitFor(() => expect(statusesOf(harness, jobId)).toHaveLength(5));
    expect(statusesOf(harness, jobId)).toEqual(['SUBMITTED', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  });

  it('is described with its attempt, times, ARNs and what its submitter set', async () => {
    const before = Date.now();
    const resourceRequirements = [{ type: 'GPU' as const, value: '1' }];
    const environment = [{ name: 'CODE', value: '0' }];
    const jobId = await submit(harness, '', {
      jobName: 'a-job_1',
      containerOverrides: { environment, resourceRequirements },
      tags: { tenant: 'a' },
      shareIdentifier: 'a',
    });
    const job = await waitForStatus(harness, jobId, 'SUCCEEDED');
    const arn = 'arn:aws:batch:us-east-1:000000000000:';
    const container = { exitCode: 0, logStreamName: `${jobId}/1.log` };
    expect(job).toMatchObject({
      jobName: 'a-job_1',
      jobArn: `${arn}job/${jobId}`,
      jobQueue: `${arn}job-queue/gpu`,
      jobDefinition: `${arn}job-definition/worker:1`,
      container: { ...container, environment, resourceRequirements },
      attempts: [{ container, statusReason: 'Essential container in task exited' }],
      tags: { tenant: 'a' },
      shareIdentifier: 'a',
    });
    const { createdAt = 0, startedAt = 0, stoppedAt = 0 } = job;
    expect([before, createdAt, startedAt, stoppedAt]).toEqual(
      [before, createdAt, startedAt, stoppedAt].toSorted((a, b) => a - b),
    );
  });

  it("has events of EventBridge's shape, with what DescribeJobs says", async () => {
    const jobId = await submit(harness, 'process.exit(3)');
    const job = await waitForStatus(harness, jobId, 'FAILED');
    const event = await waitFor(() => {
      const last = harness.events.find(({ detail }) => detail.status === 'FAILED');
      expect(last).toBeDefined();
      return last;
    });
    expect(event).toMatchObject({
      version: '0',
      'detail-type': 'Batch Job State Change',
      source: 'aws.batch',
      account: '000000000000',
      region: 'us-east-1',
      resources: [job.jobArn],
    });
    expect(event?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(event?.detail).toEqual(JSON.parse(JSON.stringify(job)));
  });

  it('is found by ARNs of its queue and definition', async () => {
    const arn = 'arn:aws:batch:us-east-1:000000000000:';
    const request = { jobQueue: `${arn}job-queue/gpu`, jobDefinition: `${arn}job-definition/worker:1` };
    await waitForStatus(harness, await submit(harness, '', request), 'SUCCEEDED');
  });

  it('fails when its program does not exist, with the reason', async () => {
    const jobId = await submit(harness, '', { containerOverrides: { command: ['/no/such/program'] } });
    const { attempts: [attempt] = [], statusReason } = await waitForStatus(harness, jobId, 'FAILED');
    expect(statusReason).toBe('Task failed to start');
    expect(attempt?.container?.reason).toMatch(/^CannotStartContainerError: .*ENOENT/);
  });
});

describe('a worker', () => {
  it("gets the definition's environment, the job's over it, and Batch's, but not the server's", async () => {
    const write = `require('fs').writeFileSync(file('env'), JSON.stringify(process.env))`;
    const environment = [
      { name: 'CODE', value: write },
      { name: 'EXTRA', value: 'a=b c' },
    ];
    const jobId = await submit(harness, '', { containerOverrides: { environment } });
    const env = JSON.parse(await waitForFile(harness, 'env'));
    expect(env).toMatchObject({
      FOLDER: harness.folder,
      EXTRA: 'a=b c',
      AWS_BATCH_JOB_ID: jobId,
      AWS_BATCH_JOB_ATTEMPT: '1',
      AWS_BATCH_JQ_NAME: 'gpu',
    });
    expect(env).not.toHaveProperty('AWS_BATCH_JOB_ARRAY_INDEX');
    expect(env).not.toHaveProperty('PATH');
    const file = readFileSync(join(harness.folder, `data/jobs/${jobId}.json`), 'utf8');
    expect(file).not.toContain('FOLDER');
  });

  it('runs the command of its job instead of the definition’s', async () => {
    const command = [
      process.execPath,
      '-e',
      "require('fs').writeFileSync(process.env.FOLDER + '/own', 'yes')",
    ];
    await submit(harness, '', { containerOverrides: { command } });
    expect(await waitForFile(harness, 'own')).toBe('yes');
  });

  it('has its output and errors in one log an attempt', async () => {
    const code =
      "console.log('out', process.env.AWS_BATCH_JOB_ATTEMPT); console.error('err'); process.exit(1)";
    const jobId = await submit(harness, code, { retryStrategy: { attempts: 2 } });
    const { attempts = [] } = await waitForStatus(harness, jobId, 'FAILED');
    const logs = attempts.map(({ container }) =>
      readFileSync(join(harness.folder, 'data/logs', container?.logStreamName ?? ''), 'utf8'),
    );
    expect(logs).toEqual(['out 1\nerr\n', 'out 2\nerr\n']);
  });

  it.each([
    ['SIGKILL', 137],
    ['SIGTERM', 143],
  ])('that is ended by %s has the exit code %d', async (signal, exitCode) => {
    const jobId = await submit(harness, `process.kill(process.pid, '${signal}')`);
    const { attempts: [attempt] = [] } = await waitForStatus(harness, jobId, 'FAILED');
    expect(attempt?.container?.exitCode).toBe(exitCode);
  });

  it('takes its children with it when it is killed', async () => {
    const jobId = await submit(harness, `${withChild} process.kill(process.pid, 'SIGKILL')`);
    await waitForStatus(harness, jobId, 'FAILED');
    const child = Number(await waitForFile(harness, 'child'));
    await waitFor(() => expect(isAlive(child)).toBe(false));
  });
});

describe('a queue', () => {
  it('runs as many jobs at once as it has slots, first come, first served', async () => {
    const single = { jobQueue: 'single' };
    const first = await submit(harness, untilGo, single);
    const second = await submit(harness, "require('fs').appendFileSync(file('order'), '2')", single);
    const third = await submit(harness, "require('fs').appendFileSync(file('order'), '3')", single);
    await waitForStatus(harness, first, 'RUNNING');
    await waitForStatus(harness, third, 'RUNNABLE');
    expect((await describeJob(harness, second)).status).toBe('RUNNABLE');
    writeFileSync(join(harness.folder, 'go'), '');
    await waitForStatus(harness, third, 'SUCCEEDED');
    expect(await waitForFile(harness, 'order')).toBe('23');
  });

  it('does not wait for another queue', async () => {
    await submit(harness, forever, { jobQueue: 'single' });
    await waitForStatus(harness, await submit(harness, ''), 'SUCCEEDED');
  });
});

describe('the server', () => {
  it('leaves jobs that do not exist out of what it describes', async () => {
    expect((await harness.client.send(new DescribeJobsCommand({ jobs: ['none'] }))).jobs).toEqual([]);
  });

  it('refuses another operation by name', async () => {
    const other = harness.client.send(new DescribeComputeEnvironmentsCommand({}));
    await expect(other).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'batch describecomputeenvironments is not implemented by the local Batch',
      $metadata: { httpStatusCode: 501 },
    });
  });
});
