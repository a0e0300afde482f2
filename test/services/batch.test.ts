import { BatchClient, ClientException, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { expect, it } from 'vitest';
import { listenOnLoopback } from '../../local/http-server.ts';
import { useBatch } from '../local/batch/harness.ts';
import { batchQueue } from '../support/batch-queue.ts';

const harness = useBatch();

const environment = (step: string) => [
  { name: 'OCTET_JOB_ID', value: '0190-1' },
  { name: 'OCTET_STEP', value: step },
];

it('submits a job under its name, and tells its worker the id, what to do, and nothing else', async () => {
  const { client } = harness;
  const queue = batchQueue(client);
  const batchJobId = await queue.submit({ job_id: '0190-1', tenant: 'alice' });
  const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [batchJobId] }));
  expect(jobs).toMatchObject([
    {
      jobId: batchJobId,
      jobName: 'octet-0190-1',
      shareIdentifier: 'alice',
      jobQueue: expect.stringMatching(/job-queue\/gpu$/),
      jobDefinition: expect.stringMatching(/job-definition\/worker:1$/),
      container: { environment: environment('whole') },
    },
  ]);
});

it('submits a split job as an array, and its packaging behind it in a queue of its own', async () => {
  const { client } = harness;
  const queue = batchQueue(client);
  const job = { job_id: '0190-1', tenant: 'alice' };
  const encodingId = await queue.submitEncoding(job, 3);
  const packagingId = await queue.submitPackaging(job, encodingId);
  const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [encodingId, packagingId] }));
  expect(jobs).toMatchObject([
    {
      jobName: 'octet-encode-0190-1',
      shareIdentifier: 'alice',
      jobQueue: expect.stringMatching(/job-queue\/gpu$/),
      arrayProperties: { size: 3 },
      container: { environment: environment('encode') },
    },
    {
      jobName: 'octet-0190-1',
      shareIdentifier: 'alice',
      jobQueue: expect.stringMatching(/job-queue\/single$/),
      dependsOn: [{ jobId: encodingId }],
      container: { environment: environment('package') },
    },
  ]);
});

it('passes on why Batch refuses a job', async () => {
  const queue = batchQueue(harness.client, 'none');
  await expect(queue.submit({ job_id: '0190-1', tenant: 'alice' })).rejects.toBeInstanceOf(ClientException);
});

it('does not take an answer without an id for a submission', async () => {
  const server = await listenOnLoopback((_, response) => response.end('{}'));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new BatchClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const queue = batchQueue(client);
  await expect(queue.submit({ job_id: '0190-1', tenant: 'alice' })).rejects.toThrow(
    'Batch answered without a job id.',
  );
  client.destroy();
  await server.close();
});

it.each([
  ['a1b2c3d4e5', 'a1b2c3d4e5'],
  ['alice-2', 'alice2'],
  ['a'.repeat(300), 'a'.repeat(255)],
  ['---', 'other'],
])('takes the share of the tenant %s as %s', async (tenant, share) => {
  const { client } = harness;
  const batchJobId = await batchQueue(client).submit({ job_id: '0190-1', tenant });
  const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [batchJobId] }));
  expect(jobs).toMatchObject([{ shareIdentifier: share }]);
});
