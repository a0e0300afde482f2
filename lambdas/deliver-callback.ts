import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { deliverCallback } from '../services/deliver-callback.ts';
import { jobIdOfMessage } from '../services/job-message-queue.ts';
import { logError } from '../services/log.ts';
import { callbackQueue, jobStore, secretBox, webhookSecrets } from './clients.ts';
import { env } from './env.ts';

const queue = callbackQueue();
const services = {
  jobs: jobStore(),
  secrets: secretBox(),
  webhookSecrets: webhookSecrets(),
  addresses: { allowPrivateHosts: env('allowPrivateHosts') },
};

/** Invoked by SQS with callbacks to deliver. Those that are to be tried again stay in the queue, hidden until then. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const areDone = await Promise.all(Records.map(deliver));
  const left = Records.filter((_, index) => !areDone[index]);
  return { batchItemFailures: left.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function deliver({ body, messageId, receiptHandle }: SQSRecord): Promise<boolean> {
  try {
    const result = await deliverCallback(services, jobIdOfMessage(body));
    if (!result.done) await queue.postpone(receiptHandle, result.retryIn);
    return result.done;
  } catch (error) {
    logError('A callback could not be delivered.', error, { message_id: messageId });
    return false;
  }
}
