import { BatchClient, ClientException, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { expect, it } from 'vitest';
import { listenOnLoopback } from '../../local/http-server.ts';
import { JobQueue } from '../../services/batch.ts';
import { useBatch } from '../local/batch/harness.ts';

const harness = useBatch();

it('submits a job under its name, and tells its worker the id and nothing else', async () => {
  const { client } = harness;
  const queue = new JobQueue({ client, queue: 'gpu', definition: 'worker' });
  const batchJobId = await queue.submit('0190-1', 'alice');
  const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [batchJobId] }));
  expect(jobs).toMatchObject([
    {
      jobId: batchJobId,
      jobName: 'octet-0190-1',
      shareIdentifier: 'alice',
      jobQueue: expect.stringMatching(/job-queue\/gpu$/),
      jobDefinition: expect.stringMatching(/job-definition\/worker:1$/),
      container: { environment: [{ name: 'OCTET_JOB_ID', value: '0190-1' }] },
    },
  ]);
});

it('passes on why Batch refuses a job', async () => {
  const queue = new JobQueue({ client: harness.client, queue: 'none', definition: 'worker' });
  await expect(queue.submit('0190-1', 'alice')).rejects.toBeInstanceOf(ClientException);
});

it('does not take an answer without an id for a submission', async () => {
  const server = await listenOnLoopback((_, response) => response.end('{}'));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new BatchClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const queue = new JobQueue({ client, queue: 'gpu', definition: 'worker' });
  await expect(queue.submit('0190-1', 'alice')).rejects.toThrow('Batch answered without a job id.');
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
  const batchJobId = await new JobQueue({ client, queue: 'gpu', definition: 'worker' }).submit(
    '0190-1',
    tenant,
  );
  const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [batchJobId] }));
  expect(jobs).toMatchObject([{ shareIdentifier: share }]);
});
