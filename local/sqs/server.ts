import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { localAccount } from '../arn.ts';
import { answering, operationNamed, parseInput } from '../aws-json.ts';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';
import { withLongPolls } from './long-polls.ts';
import { openQueueStore, type QueueStore, receivedSchema } from './queue-store.ts';
import { createQueues, type LocalQueue } from './queues.ts';

export type { LocalQueue } from './queues.ts';

export interface LocalSqsOptions {
  /** @default any free port */
  readonly port?: number;
  readonly queues: readonly LocalQueue[];
}

export interface LocalSqs extends LocalServer {
  /**
   * The URL to give to clients, which send their requests to its host.
   *
   * @throws Error when there is no such queue
   */
  queueUrl(name: string): string;
}

const operationNames = [
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'DeleteMessage',
  'DeleteMessageBatch',
  'GetQueueAttributes',
  'ReceiveMessage',
  'SendMessage',
  'SendMessageBatch',
];

const queueInput = v.looseObject({ QueueUrl: v.string() });

/**
 * SQS with fixed queues, in memory: messages do not survive the process.
 *
 * @throws Error when the definition of a queue is not valid
 */
export async function startSqs({ port, queues }: LocalSqsOptions): Promise<LocalSqs> {
  const store = withLongPolls(openQueueStore());
  const storeUrls = await createQueues(store, queues);

  const route = (request: IncomingMessage) => {
    const name = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    const operation = async (body: unknown) => {
      const input = parseInput(queueInput, body, 'InvalidParameterValue');
      const QueueUrl = storeUrls.get(nameIn(input.QueueUrl)) ?? input.QueueUrl;
      const output = await store.call(name, { ...input, QueueUrl });
      if (name === 'ReceiveMessage' && request.socket.destroyed) await putBack(store, QueueUrl, output);
      return output;
    };
    const operations = Object.fromEntries(operationNames.map((each) => [each, operation]));
    return operationNamed({ id: 'sqs', title: 'SQS', operations }, name);
  };
  const server = await listenOnLoopback(answering('application/x-amz-json-1.0', route), port);
  return {
    ...server,
    queueUrl(name) {
      if (!storeUrls.has(name)) throw new Error(`There is no queue ${name}`);
      return `${server.url}/${localAccount}/${name}`;
    },
    async close() {
      await Promise.all([server.close(), store.close()]);
    },
  };
}

/** A queue's URL ends with its name. */
function nameIn(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}

/** A long poll goes on when its client has gone: what it received then would be hidden from the others for nothing. */
async function putBack(store: QueueStore, QueueUrl: string, output: unknown): Promise<void> {
  for (const { ReceiptHandle } of v.parse(receivedSchema, output).Messages)
    await store.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
}
