import { LostRaceError } from '../domain/errors.ts';
import { type Ending, JOB_ENDED_MESSAGE } from '../domain/job/job-state.ts';
import type { CallbackQueue } from './callbacks/callback-queue.ts';
import type { JobStore } from './job-store/job-store.ts';
import { logInfo } from './log.ts';

export interface EndJobServices {
  readonly jobs: JobStore;
  readonly callbacks: CallbackQueue;
}

/**
 * Ends a job once, and sees to it that its callback is queued. Whoever learns of a job's end calls this, as often as it
 * likes: the first ending counts, and a callback that is still owed is queued again.
 *
 * @returns whether this call was the one that ended the job
 */
export async function endJob(
  { jobs, callbacks }: EndJobServices,
  jobId: string,
  ending: Ending,
): Promise<boolean> {
  const error = ending.status === 'error' ? ending.error : undefined;
  const isFirst = await won(jobs.end(jobId, ending.status, error, new Date()));
  if (isFirst) logInfo(JOB_ENDED_MESSAGE, { job_id: jobId, status: ending.status, code: error?.code });
  const snapshot = await jobs.load(jobId);
  if (snapshot?.job.callback_status === 'waiting') {
    await callbacks.send(jobId);
    // Another call may have queued it too; whoever delivers it first says so, and the other message finds it done.
    await won(jobs.moveCallback(jobId, ['waiting'], 'queued'));
  }
  return isFirst;
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
