import { BatchClient } from '@aws-sdk/client-batch';
import { JobQueue } from '../../services/batch.ts';

/** A job queue over the queues of test/local/batch/harness.ts. */
export function batchQueue(client: BatchClient, queue = 'gpu'): JobQueue {
  const packaging = { queue: 'single', definition: 'worker' };
  return new JobQueue({ client, encoding: { queue, definition: 'worker' }, packaging });
}

/** A job queue that fails when it is used. */
export const unusedQueue = batchQueue(
  new BatchClient({
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
  }),
);
