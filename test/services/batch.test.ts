import { BatchClient, ClientException, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { expect, it } from 'vitest';
import { listenOnLoopback } from '../../local/http-server.ts';
import { JobQueue } from '../../services/batch.ts';
import { useBatch } from '../local/batch/harness.ts';

const harness = useBatch();

it('submits a job under its name, and tells its worker the id and nothing else', async () => {
  const { client } = harness;
  const queue = new JobQueue({ client, queue: 'gpu', definition: 'worker' });
  const batchJobId = await queue.submit('0190-1');
  const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [batchJobId] }));
  expect(jobs).toMatchObject([
    {
      jobId: batchJobId,
      jobName: 'octet-0190-1',
      jobQueue: expect.stringMatching(/job-queue\/gpu$/),
      jobDefinition: expect.stringMatching(/job-definition\/worker:1$/),
      container: { environment: [{ name: 'OCTET_JOB_ID', value: '0190-1' }] },
    },
  ]);
});

it('passes on why Batch refuses a job', async () => {
  const queue = new JobQueue({ client: harness.client, queue: 'none', definition: 'worker' });
  await expect(queue.submit('0190-1')).rejects.toBeInstanceOf(ClientException);
});

it('does not take an answer without an id for a submission', async () => {
  const server = await listenOnLoopback((_, response) => response.end('{}'));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new BatchClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const queue = new JobQueue({ client, queue: 'gpu', definition: 'worker' });
  await expect(queue.submit('0190-1')).rejects.toThrow('Batch answered without a job id.');
  client.destroy();
  await server.close();
});
