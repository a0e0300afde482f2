import { ListJobsCommand, type ListJobsRequest, type SubmitJobRequest } from '@aws-sdk/client-batch';
import { describe, expect, it } from 'vitest';
import { forever, submit, useBatch, waitForStatus } from './harness.ts';

const harness = useBatch({ minimumTimeoutSeconds: undefined });
const environment = (name: string, value = '') => ({ environment: [{ name, value }] });
const evaluateOnExit = [{ onExitCode: '1', action: 'EXIT' as const }];

describe('SubmitJob refuses', () => {
  it.each<[string, Partial<SubmitJobRequest>]>([
    ['JobQueue none not found.', { jobQueue: 'none' }],
    ['JobQueue constructor not found.', { jobQueue: 'constructor' }],
    ['JobDefinition none not found.', { jobDefinition: 'none' }],
    ['JobDefinition worker:2 not found.', { jobDefinition: 'worker:2' }],
    ['jobName: must be 1 to 128 letters', { jobName: 'a b' }],
    ['jobName: must be 1 to 128 letters', { jobName: '-a' }],
    ['jobName: must be 1 to 128 letters', { jobName: 'a'.repeat(129) }],
    ['arrayProperties.size: must be 2 to 10000 children', { arrayProperties: { size: 1 } }],
    ['arrayProperties.size: must be 2 to 10000 children', { arrayProperties: { size: 10_001 } }],
    ['dependsOn: must have at most 20', { dependsOn: Array.from({ length: 21 }, () => ({ jobId: 'x' })) }],
    ['dependsOn: the job none does not exist', { dependsOn: [{ jobId: 'none' }] }],
    ['dependsOn: only an array job', { dependsOn: [{ type: 'SEQUENTIAL' }] }],
    ['retryStrategy.attempts: must be 1 to 10 attempts', { retryStrategy: { attempts: 0 } }],
    ['retryStrategy.attempts: must be 1 to 10 attempts', { retryStrategy: { attempts: 11 } }],
    ['retryStrategy.attempts must be given', { retryStrategy: { evaluateOnExit } }],
    ['timeout.attemptDurationSeconds must be at least 60', { timeout: { attemptDurationSeconds: 59 } }],
    ['must not start with AWS_BATCH', { containerOverrides: environment('AWS_BATCH_JOB_ID') }],
    ['containerOverrides: must be at most 8192', { containerOverrides: environment('A', 'x'.repeat(8192)) }],
  ])('%s', async (message, request) => {
    const refused = submit(harness, '', request);
    await expect(refused).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringContaining(message),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('an N_TO_N dependency on an array of another size', async () => {
    const jobId = await submit(harness, '', { arrayProperties: { size: 2 } });
    const dependsOn = [{ jobId, type: 'N_TO_N' as const }];
    const refused = submit(harness, '', { arrayProperties: { size: 3 }, dependsOn });
    await expect(refused).rejects.toThrow('N_TO_N needs an array of 3 children');
  });

  it('what it does not know how to do', async () => {
    const refused = submit(harness, '', { nodeOverrides: { numNodes: 2 } });
    await expect(refused).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'nodeOverrides is not implemented',
    });
  });
});

describe('ListJobs', () => {
  async function list(request: ListJobsRequest) {
    const { jobSummaryList = [], nextToken } = await harness.client.send(new ListJobsCommand(request));
    return { ids: jobSummaryList.map(({ jobId }) => jobId), nextToken, first: jobSummaryList[0] };
  }

  it("shows a queue's running jobs, or those of one status", async () => {
    const running = await submit(harness, forever);
    const done = await submit(harness, '');
    await submit(harness, '', { jobQueue: 'single' });
    await waitForStatus(harness, running, 'RUNNING');
    await waitForStatus(harness, done, 'SUCCEEDED');
    expect((await list({ jobQueue: 'gpu' })).ids).toEqual([running]);
    const { ids, first } = await list({ jobQueue: 'gpu', jobStatus: 'SUCCEEDED' });
    expect(ids).toEqual([done]);
    expect(first).toMatchObject({ jobName: 'job', status: 'SUCCEEDED', container: { exitCode: 0 } });
  });

  it("shows an array's children, which their queue does not show, in pages", async () => {
    const array = await submit(harness, '', { arrayProperties: { size: 3 } });
    await waitForStatus(harness, array, 'SUCCEEDED');
    const status = { jobStatus: 'SUCCEEDED' as const };
    expect((await list({ jobQueue: 'gpu', ...status })).ids).toEqual([array]);
    const page = await list({ arrayJobId: array, maxResults: 2, ...status });
    expect(page.ids).toEqual([`${array}:2`, `${array}:1`]);
    expect(page.first?.arrayProperties).toMatchObject({ index: 2 });
    const last = await list({ arrayJobId: array, nextToken: page.nextToken, ...status });
    expect(last).toMatchObject({ ids: [`${array}:0`], nextToken: undefined });
  });

  it('finds jobs by name, whatever their status', async () => {
    const jobId = await submit(harness, '', { jobName: 'Tenant-1' });
    await submit(harness, '', { jobName: 'other' });
    const byName = (value: string) =>
      list({ jobQueue: 'gpu', filters: [{ name: 'JOB_NAME', values: [value] }] });
    expect((await byName('tenant-*')).ids).toEqual([jobId]);
    expect((await byName('tenant')).ids).toEqual([]);
  });

  it.each<[string, ListJobsRequest]>([
    ['Exactly one of jobQueue and arrayJobId', {}],
    ['JobQueue none not found.', { jobQueue: 'none' }],
    ['Array job none does not exist', { arrayJobId: 'none' }],
  ])('refuses: %s', async (message, request) => {
    await expect(list(request)).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringContaining(message),
    });
  });
});
