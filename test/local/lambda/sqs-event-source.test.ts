import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  type SqsEventSource,
  type SqsEventSourceOptions,
  startSqsEventSource,
} from '../../../local/lambda/sqs-event-source.ts';
import { type LocalSqs, startSqs } from '../../../local/sqs/server.ts';

let sqs: LocalSqs;
let client: SQSClient;
let queueUrl: string;
let events: SQSEvent[];
let logged: string[];
const sources: SqsEventSource[] = [];

beforeEach(async () => {
  sqs = await startSqs({ queues: [{ name: 'jobs', visibilityTimeoutSeconds: 300 }] });
  queueUrl = sqs.queueUrl('jobs');
  client = clientOf(sqs.url);
  events = [];
  logged = [];
});

afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
  client.destroy();
  await sqs.close();
});

function clientOf(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

/** One poller that notes the events it was given. */
function start(
  answer: (event: SQSEvent) => unknown = () => undefined,
  more: Partial<SqsEventSourceOptions> = {},
) {
  const handler = vi.fn(async (event: SQSEvent) => {
    events.push(event);
    return (await answer(event)) as undefined;
  });
  const log = (line: string) => void logged.push(line);
  const source = startSqsEventSource({ client, queueUrl, handler, log, concurrency: 1, ...more });
  sources.push(source);
  return source;
}

async function send(...bodies: string[]) {
  const Entries = bodies.map((body, n) => ({ Id: String(n), MessageBody: body }));
  await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}

/** How many messages there are: to be received, and received and not deleted. */
async function counts() {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const input = { QueueUrl: queueUrl, AttributeNames: [...names] };
  const { Attributes = {} } = await client.send(new GetQueueAttributesCommand(input));
  return names.map((name) => Number(Attributes[name]));
}

const bodies = () => events.map(({ Records }) => Records.map(({ body }) => body));

it("invokes the handler with Lambda's form of a message, and deletes it", async () => {
  start();
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'callback' },
    raw: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) },
  };
  await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'hello', MessageAttributes }));
  await expect.poll(() => events).toHaveLength(1);
  const lists = { stringListValues: [], binaryListValues: [] };
  expect(events[0]?.Records).toEqual([
    {
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.any(String),
      body: 'hello',
      attributes: {
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
      },
      messageAttributes: {
        kind: { stringValue: 'callback', dataType: 'String', ...lists },
        raw: { binaryValue: 'AQI=', dataType: 'Binary', ...lists },
      },
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      awsRegion: 'us-east-1',
    },
  ]);
  await expect.poll(counts).toEqual([0, 0]);
});

it('hands over as many messages at once as it is told', async () => {
  await send('a', 'b', 'c');
  start(undefined, { batchSize: 2 });
  await expect.poll(bodies).toEqual([['a', 'b'], ['c']]);
});

it('handles as many events at once as it is told', async () => {
  await send('a', 'b', 'c');
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  start(() => released, { batchSize: 1, concurrency: 2 });
  await expect.poll(bodies).toEqual([['a'], ['b']]);
  expect(await counts()).toEqual([1, 2]);
  release();
  await expect.poll(counts).toEqual([0, 0]);
});

const idOf = (event: SQSEvent, body: string) =>
  event.Records.find((record) => record.body === body)?.messageId;
const failure = (itemIdentifier: unknown) => ({ batchItemFailures: [{ itemIdentifier }] });

it.each<[string, number, (event: SQSEvent) => unknown]>([
  ['nothing', 2, () => undefined],
  ['null', 2, () => null],
  ['an empty object', 2, () => ({})],
  ['no failures', 2, () => ({ batchItemFailures: [] })],
  ['null as failures', 2, () => ({ batchItemFailures: null })],
  ['one failure', 1, (event) => failure(idOf(event, 'a'))],
  ['an id that is not in the batch', 0, () => failure('other')],
  ['an empty id', 0, () => failure('')],
  ['no id', 0, () => failure(undefined)],
  ['a list in place of an object', 0, () => ({ batchItemFailures: ['a'] })],
  ['a text', 0, () => 'done'],
  ['a rejection', 0, () => Promise.reject(new Error('out of order'))],
])('of a batch of 2 that the handler answers with %s, %d are deleted', async (_, deleted, answer) => {
  await send('a', 'b');
  const source = start(answer);
  await expect.poll(() => events).toHaveLength(1);
  await source.close();
  expect(await counts()).toEqual([0, 2 - deleted]);
  expect(logged).toHaveLength(deleted === 0 ? 1 : 0);
});

it('says why a batch failed', async () => {
  await send('a');
  start(() => Promise.reject(new Error('out of order')));
  await expect
    .poll(() => logged)
    .toEqual([expect.stringMatching(/^sqs: a batch of .*jobs failed.*out of order/)]);
});

it('leaves the visibility of a message that failed to the handler', async () => {
  await send('a');
  start(async (event) => {
    const [{ messageId = '', receiptHandle, attributes } = {}] = event.Records;
    if (attributes?.ApproximateReceiveCount !== '1') return;
    const hide = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
    await client.send(new ChangeMessageVisibilityCommand(hide));
    return failure(messageId);
  });
  await expect.poll(() => events).toHaveLength(2);
  expect(events[1]?.Records[0]?.attributes.ApproximateReceiveCount).toBe('2');
  await expect.poll(counts).toEqual([0, 0]);
});

it('goes on after SQS has failed', async () => {
  const { port } = sqs;
  await sqs.close();
  start();
  await expect.poll(() => logged).not.toEqual([]);
  expect(logged[0]).toMatch(/^sqs: polling .*jobs failed, it is tried again: .*ECONNREFUSED/);
  sqs = await startSqs({ port, queues: [{ name: 'jobs', visibilityTimeoutSeconds: 300 }] });
  await send('a');
  await expect.poll(bodies, { timeout: 10_000 }).toEqual([['a']]);
});

it('closes at once while it waits for messages, and takes none any more', { timeout: 10_000 }, async () => {
  const source = start();
  await send('a');
  await expect.poll(counts).toEqual([0, 0]);
  await source.close();
  await send('b');
  expect(await counts()).toEqual([1, 0]);
  expect(logged).toEqual([]);
});

it('waits for the handler that runs when it is closed, and deletes its message', async () => {
  await send('a');
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const source = start(() => released);
  await expect.poll(() => events).toHaveLength(1);
  const closed = vi.fn();
  const closing = source.close().then(closed);
  expect(await counts()).toEqual([0, 1]);
  expect(closed).not.toHaveBeenCalled();
  release();
  await closing;
  expect(await counts()).toEqual([0, 0]);
});
