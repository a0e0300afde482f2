import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalQueue, type LocalSqs, startSqs } from '../../../local/sqs/server.ts';

const queues: readonly LocalQueue[] = [
  { name: 'jobs', visibilityTimeoutSeconds: 30, maxReceiveCount: 2, deadLetterQueue: 'dead' },
  { name: 'brief', visibilityTimeoutSeconds: 1 },
  { name: 'dead', visibilityTimeoutSeconds: 30 },
];
let sqs: LocalSqs;
let client: SQSClient;

beforeEach(async () => {
  sqs = await startSqs({ queues });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint: sqs.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await sqs.close();
});

async function send(body: string, queue = 'jobs', more: Partial<SendMessageCommandInput> = {}) {
  await client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl(queue), MessageBody: body, ...more }));
}

async function receive(queue = 'jobs', more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: sqs.queueUrl(queue),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      ...more,
    }),
  );
  return Messages;
}

const longPoll = (queue?: string) => receive(queue, { WaitTimeSeconds: 20 });
const bodiesOf = (messages: Message[]) => messages.map(({ Body }) => Body);

async function hideFor(seconds: number, { ReceiptHandle }: Message, queue = 'jobs') {
  const QueueUrl = sqs.queueUrl(queue);
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: seconds }),
  );
}

async function countOf(attribute: 'ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible') {
  const input = { QueueUrl: sqs.queueUrl('jobs'), AttributeNames: [attribute] };
  return (await client.send(new GetQueueAttributesCommand(input))).Attributes?.[attribute];
}

describe('a message', () => {
  it('is received as it was sent', async () => {
    const before = Date.now();
    await send('hello', 'jobs', {
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'callback' } },
    });
    const [message] = await receive();
    expect(message).toMatchObject({
      Body: 'hello',
      MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
      Attributes: { ApproximateReceiveCount: '1' },
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'callback' } },
    });
    expect(Number(message?.Attributes?.SentTimestamp)).toBeGreaterThanOrEqual(before);
  });

  it('ends a long poll that waits for it', async () => {
    const poll = longPoll();
    await send('hello');
    expect(bodiesOf(await poll)).toEqual(['hello']);
  });

  it('is hidden from others while its receiver works on it', async () => {
    await send('hello');
    await receive();
    expect(await receive()).toEqual([]);
    expect(await countOf('ApproximateNumberOfMessagesNotVisible')).toBe('1');
  });

  it('comes again when its visibility timeout is over, and counts', async () => {
    await send('hello', 'brief');
    await receive('brief');
    const [again] = await longPoll('brief');
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('comes again at once when its visibility is set to 0', async () => {
    await send('hello');
    for (const message of await receive()) await hideFor(0, message);
    expect(bodiesOf(await receive())).toEqual(['hello']);
  });

  it('stays hidden for longer than its queue says when it is told to', async () => {
    await send('hidden', 'brief');
    for (const message of await receive('brief')) await hideFor(60, message, 'brief');
    await send('control', 'brief');
    await receive('brief');
    expect(bodiesOf(await longPoll('brief'))).toEqual(['control']);
  });

  it('is gone when it is deleted', async () => {
    await send('hello');
    const [{ ReceiptHandle } = {}] = await receive();
    await client.send(new DeleteMessageCommand({ QueueUrl: sqs.queueUrl('jobs'), ReceiptHandle }));
    const counts = [countOf('ApproximateNumberOfMessages'), countOf('ApproximateNumberOfMessagesNotVisible')];
    expect(await Promise.all(counts)).toEqual(['0', '0']);
  });

  it('goes to the dead-letter queue after so many receives', async () => {
    await send('poison');
    for (let count = 1; count <= 2; count++) for (const message of await receive()) await hideFor(0, message);
    expect(await receive()).toEqual([]);
    expect(bodiesOf(await receive('dead'))).toEqual(['poison']);
  });

  it('can be sent for later', async () => {
    await send('later', 'jobs', { DelaySeconds: 1 });
    expect(await receive()).toEqual([]);
    expect(bodiesOf(await longPoll())).toEqual(['later']);
  });

  it('is left to others by a long poll whose client has gone', async () => {
    const body = JSON.stringify({ QueueUrl: sqs.queueUrl('jobs'), WaitTimeSeconds: 20 });
    const headers = { 'x-amz-target': 'AmazonSQS.ReceiveMessage' };
    const poll = request(sqs.url, { method: 'POST', headers }).on('error', () => {});
    await new Promise<void>((resolve) => poll.end(body, resolve));
    await countOf('ApproximateNumberOfMessages');
    poll.destroy();
    await countOf('ApproximateNumberOfMessages');
    await send('hello');
    expect(bodiesOf(await longPoll())).toEqual(['hello']);
  });

  it('can be one of a batch', async () => {
    const Entries = ['a', 'b'].map((body) => ({ Id: body, MessageBody: body }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: sqs.queueUrl('jobs'), Entries }));
    expect(bodiesOf(await receive())).toEqual(['a', 'b']);
  });
});

describe('a queue', () => {
  it('has a URL on this server', () => {
    expect(sqs.queueUrl('jobs')).toBe(`http://127.0.0.1:${sqs.port}/000000000000/jobs`);
  });

  it('that was not defined has no URL, and takes no message', async () => {
    expect(() => sqs.queueUrl('other')).toThrow('There is no queue other');
    const QueueUrl = `${sqs.url}/000000000000/other`;
    const refused = client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
    await expect(refused).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  it.each<[string, Partial<LocalQueue>]>([
    ['needs both', { maxReceiveCount: 2 }],
    ['needs both', { deadLetterQueue: 'dead' }],
    ['which is not defined', { maxReceiveCount: 2, deadLetterQueue: 'dead' }],
    ['VisibilityTimeout', { visibilityTimeoutSeconds: 43_201 }],
  ])('is refused when its definition %s: %j', async (message, definition) => {
    const queue = { name: 'jobs', visibilityTimeoutSeconds: 30, ...definition };
    await expect(startSqs({ queues: [queue] })).rejects.toThrow(message);
  });
});

describe('the server', () => {
  it('refuses other operations by name', async () => {
    await expect(client.send(new ListQueuesCommand())).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'sqs ListQueues is not implemented by the local SQS',
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('does not answer a web page', async () => {
    const headers = { origin: 'https://example.com', 'x-amz-target': 'AmazonSQS.SendMessage' };
    const body = JSON.stringify({ QueueUrl: sqs.queueUrl('jobs'), MessageBody: 'hello' });
    const response = await fetch(sqs.url, { method: 'POST', headers, body });
    expect(response.status).toBe(403);
    expect(await receive()).toEqual([]);
  });

  it('listens on 127.0.0.1 alone', async () => {
    await expect(fetch(`http://127.0.0.2:${sqs.port}`)).rejects.toThrow('fetch failed');
  });

  it('leaves nothing behind that keeps its process alive', async () => {
    const script = fileURLToPath(new URL('start-and-close.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], {
      timeout: 15_000,
    });
    expect(stdout).toContain('closed, poll cut off');
  });
});
