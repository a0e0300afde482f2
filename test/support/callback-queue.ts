import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from 'vitest';
import { NAMES, QUEUES } from '../../local/resources.ts';
import { type LocalSqs, startSqs } from '../../local/sqs/server.ts';
import { JobMessageQueue, jobIdOfMessage } from '../../services/job-message-queue.ts';

/** What a file's tests have in common. */
export interface CallbackQueueHarness {
  readonly server: LocalSqs;
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly queue: JobMessageQueue;
  /** Takes all messages from the queue. @returns the ids of their jobs */
  take(): Promise<string[]>;
  /** How many messages there are, and how many of them are hidden. */
  counts(): Promise<{ readonly visible: number; readonly hidden: number }>;
}

/** The queue of callbacks, or another one, for all tests of a file. */
export function useCallbackQueue(name: string = NAMES.callbackQueue): CallbackQueueHarness {
  const harness = {} as { -readonly [key in keyof CallbackQueueHarness]: CallbackQueueHarness[key] };
  beforeAll(async () => {
    harness.server = await startSqs({ queues: QUEUES });
    harness.queueUrl = harness.server.queueUrl(name);
    harness.client = sqsClient(harness.server.url);
    harness.queue = new JobMessageQueue({ client: harness.client, queueUrl: harness.queueUrl });
    harness.take = () => take(harness);
    harness.counts = () => counts(harness);
  });
  afterAll(async () => {
    harness.client?.destroy();
    await harness.server?.close();
  });
  return harness;
}

export function sqsClient(endpoint: string): SQSClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function take({ client, queueUrl: QueueUrl }: CallbackQueueHarness): Promise<string[]> {
  const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
  const jobIds: string[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(receive);
    if (Messages.length === 0) return jobIds;
    for (const { Body = '', ReceiptHandle } of Messages) {
      jobIds.push(jobIdOfMessage(Body));
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

async function counts({ client, queueUrl: QueueUrl }: CallbackQueueHarness) {
  const query = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  const { Attributes = {} } = await client.send(query);
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages),
    hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}
