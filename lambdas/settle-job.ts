import { settleJob } from '../services/settle-job.ts';
import { callbackQueue, jobQueue, jobStore } from './clients.ts';

const services = { jobs: jobStore(), queue: jobQueue(), callbacks: callbackQueue() };

/** Invoked by EventBridge when a Batch job of ours has succeeded or failed. */
export async function handler(event: unknown): Promise<void> {
  await settleJob(services, event);
}
