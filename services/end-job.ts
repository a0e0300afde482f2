import { LostRaceError } from '../domain/errors.ts';
import type { JobRecord } from '../domain/job/job-record.ts';
import { type Ending, JOB_ENDED_MESSAGE } from '../domain/job/job-state.ts';
import type { JobMessageQueue } from './job-message-queue.ts';
import type { JobStore } from './job-store/job-store.ts';
import { logInfo } from './log.ts';

export interface EndJobServices {
  readonly jobs: JobStore;
  readonly callbacks: JobMessageQueue;
}

/**
 * Ends a job once, and sees to it that its callback is queued. Whoever learns of a job's end calls this, as often as it
 * likes: the first ending counts, and a callback that is still owed is queued again.
 *
 * @param job as it was before
 * @returns whether this call was the one that ended the job
 */
export async function endJob(
  services: EndJobServices,
  job: Pick<JobRecord, 'job_id' | 'callback_status'>,
  ending: Ending,
): Promise<boolean> {
  const { job_id: jobId, callback_status } = job;
  const owesCallback = callback_status === 'waiting';
  const isFirst = await won(services.jobs.end(jobId, { ...ending, owesCallback, at: new Date() }));
  if (isFirst) logEnd(jobId, ending);
  if (owesCallback) await queueCallback(services, jobId);
  return isFirst;
}

/** Queues the callback of a job that has ended, unless that has been done. */
export async function queueCallback({ jobs, callbacks }: EndJobServices, jobId: string): Promise<void> {
  const snapshot = await jobs.load(jobId);
  if (snapshot?.job.callback_status !== 'waiting') return;
  await callbacks.send(jobId);
  // Another call may have queued it too; whoever delivers it first says so, and the other message finds it done.
  await won(jobs.moveCallback(jobId, ['waiting'], 'queued'));
}

function logEnd(jobId: string, ending: Ending): void {
  const code = ending.status === 'error' ? ending.error.code : undefined;
  logInfo(JOB_ENDED_MESSAGE, { job_id: jobId, status: ending.status, code });
}

/** Whether a conditional write happened. */
async function won(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof LostRaceError) return false;
    throw error;
  }
}
