import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EndWatch } from '../../../local/chaos/end-watch.ts';
import { hurried } from '../../../local/chaos/hurry.ts';
import { FaultProxy } from '../../../local/chaos/proxy.ts';
import type { ServiceName } from '../../../local/chaos/service-errors.ts';
import { NAMES, QUEUES } from '../../../local/resources.ts';
import { type LocalSqs, startSqs } from '../../../local/sqs/server.ts';
import { JobMessageQueue } from '../../../services/job-message-queue.ts';
import { IdempotencyStore } from '../../../services/job-store/idempotency-store.ts';
import { JobFinder } from '../../../services/job-store/job-finder.ts';
import { JobStore } from '../../../services/job-store/job-store.ts';
import { dynamoDbClient, tableName, useJobStore } from '../../support/job-store.ts';
import { newJob } from '../../support/jobs.ts';

const ends = new EndWatch();
const proxyOf = (service: ServiceName) =>
  new FaultProxy({
    service,
    faultOf: () => ({ kind: 'none' }),
    change: (call) => hurried(service, call),
    onAnswer: (call, status) => ends.note(call, status),
  });

const harness = useJobStore();
const proxies = { dynamodb: proxyOf('dynamodb'), sqs: proxyOf('sqs') };
let sqs: LocalSqs;
let client: SQSClient;
let finder: JobFinder;
let jobs: JobStore;
let queueUrl: string;
let keys: IdempotencyStore;

beforeAll(async () => {
  sqs = await startSqs({ queues: QUEUES });
  proxies.sqs.setTarget(sqs.url);
  proxies.dynamodb.setTarget(harness.server.url);
  const dynamodb = dynamoDbClient(await proxies.dynamodb.listen());
  finder = new JobFinder({ client: dynamodb, tableName });
  jobs = new JobStore({ client: dynamodb, tableName });
  keys = new IdempotencyStore({ client: dynamodb, tableName });
  const endpoint = await proxies.sqs.listen();
  client = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  queueUrl = `${endpoint}/000000000000/${NAMES.callbackQueue}`;
});
afterAll(async () => {
  client.destroy();
  await Promise.all([proxies.dynamodb.close(), proxies.sqs.close(), sqs.close()]);
});

it.each([
  ['submission', 8],
  ['end', 20],
] as const)('has %s overdue after %i seconds, and stored as it is elsewhere', async (attention, seconds) => {
  const job = newJob();
  const at = new Date();
  await jobs.create({ ...job, created_at: at.toISOString() });
  if (attention === 'end') await jobs.recordSubmission(job.job_id, 'batch-1', at);
  const after = (more: number) => new Date(at.getTime() + (seconds + more) * 1000);
  expect(await finder.overdue(attention, after(-1), 100)).not.toContain(job.job_id);
  expect(await finder.overdue(attention, after(1), 100)).toContain(job.job_id);
  expect(await harness.finder.overdue(attention, after(1), 100)).not.toContain(job.job_id);
});

it('has a message come again within seconds that its receiver wants in hours', async () => {
  const queue = new JobMessageQueue({ client, queueUrl });
  await queue.send('some-job');
  const receive = () => client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 10 }));
  const { Messages: [first] = [] } = await receive();
  await queue.postpone(String(first?.ReceiptHandle), 12 * 3600);
  const { Messages: [again] = [] } = await receive();
  expect(again?.MessageId).toBe(first?.MessageId);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  expect(Attributes).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
});

it('has a request with a key be lost after 15 seconds, and its key be kept and forgotten as elsewhere', async () => {
  const now = Date.now();
  const record = { body_hash: 'hash', job_id: 'job', begun_at: now };
  await keys.put('alice', 'key', record);
  const lost = await keys.find('alice', 'key', new Date());
  expect(lost).toEqual({ ...record, begun_at: now - 45_000 });
  const again = { ...record, begun_at: Date.now() };
  await keys.put('alice', 'key', again, lost);
  const answered = { ...again, answer: { job_id: 'job', warnings: [] } };
  await keys.put('alice', 'key', answered, again);
  expect(await keys.find('alice', 'key', new Date())).toMatchObject({ answer: answered.answer });
  await keys.forget('alice', 'key', again);
  expect(await keys.find('alice', 'key', new Date())).toBeUndefined();
});

it('counts how often a job was ended, and not what was refused', async () => {
  const job = newJob();
  await jobs.create(job);
  expect(ends.timesOf(job.job_id)).toBe(0);
  const end = { status: 'complete', owesCallback: false, at: new Date() } as const;
  await jobs.end(job.job_id, end);
  await expect(jobs.end(job.job_id, end)).rejects.toThrow('not in the state');
  expect(ends.timesOf(job.job_id)).toBe(1);
  await harness.put({ pk: `job#${job.job_id}`, sk: 'job', ...job });
  await jobs.end(job.job_id, end);
  expect(ends.timesOf(job.job_id)).toBe(2);
});
