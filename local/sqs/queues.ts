import * as v from 'valibot';
import { localArn } from '../arn.ts';
import type { QueueStore } from './queue-store.ts';

export interface LocalQueue {
  readonly name: string;
  /** How long a message that was received stays hidden. 0 to 43,200. */
  readonly visibilityTimeoutSeconds: number;
  /** A message that was received this often goes to the dead-letter queue instead of being received again. */
  readonly maxReceiveCount?: number;
  /** The name of another of the queues. */
  readonly deadLetterQueue?: string;
}

const created = v.object({ QueueUrl: v.string() });

/**
 * Creates the queues.
 *
 * @returns by name: the URL under which the store knows the queue
 * @throws Error when a queue's dead-letter queue is not among them
 */
export async function createQueues(
  store: QueueStore,
  queues: readonly LocalQueue[],
): Promise<ReadonlyMap<string, string>> {
  const urls = new Map<string, string>();
  for (const queue of queues) {
    const VisibilityTimeout = String(queue.visibilityTimeoutSeconds);
    const Attributes = { VisibilityTimeout, ...redrivePolicy(queue, queues) };
    const output = await store.call('CreateQueue', { QueueName: queue.name, Attributes });
    urls.set(queue.name, v.parse(created, output).QueueUrl);
  }
  return urls;
}

function redrivePolicy(
  { name, maxReceiveCount, deadLetterQueue }: LocalQueue,
  queues: readonly LocalQueue[],
): { readonly RedrivePolicy?: string } {
  if (deadLetterQueue === undefined && maxReceiveCount === undefined) return {};
  if (deadLetterQueue === undefined || maxReceiveCount === undefined)
    throw new Error(`The queue ${name} needs both a deadLetterQueue and a maxReceiveCount, or neither`);
  if (!queues.some((queue) => queue.name === deadLetterQueue))
    throw new Error(`The queue ${name} has the dead-letter queue ${deadLetterQueue}, which is not defined`);
  const deadLetterTargetArn = localArn('sqs', deadLetterQueue);
  return { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) };
}
