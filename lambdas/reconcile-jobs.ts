import { RECONCILED_MESSAGE } from '../domain/job/attention.ts';
import { logInfo } from '../services/log.ts';
import { reconcileJobs } from '../services/reconcile-jobs.ts';
import { callbackQueue, jobFinder, jobQueue, jobStore, submissionQueue } from './clients.ts';

const services = {
  jobs: jobStore(),
  finder: jobFinder(),
  queue: jobQueue(),
  callbacks: callbackQueue(),
  submissions: submissionQueue(),
};

/** Invoked by a schedule, every minute. */
export async function handler(): Promise<void> {
  const counts = await reconcileJobs(services, new Date());
  if (Object.values(counts).some((count) => count > 0)) logInfo(RECONCILED_MESSAGE, counts);
}
