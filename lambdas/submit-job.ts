import { setTimeout as delay } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { jobIdOfMessage } from '../services/job-message-queue.ts';
import { logInfo } from '../services/log.ts';
import { submitJob } from '../services/submit-job.ts';
import { callbackQueue, jobQueue, jobStore } from './clients.ts';

const services = { jobs: jobStore(), queue: jobQueue(), callbacks: callbackQueue() };

/** Two of these functions at once then stay below Batch's 50 submissions a second. */
const INTERVAL_MS = 50;

/** Invoked by SQS with jobs that could not be submitted at once. What Batch has no room for comes again. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  for (const [index, { body }] of Records.entries()) {
    try {
      await Promise.all([submitJob(services, jobIdOfMessage(body)), delay(INTERVAL_MS)]);
    } catch (error) {
      const left = Records.slice(index);
      logInfo('Batch takes no more jobs just now.', { left: left.length, reason: String(error) });
      return { batchItemFailures: left.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    }
  }
  return { batchItemFailures: [] };
}
