import { OctetError } from '../domain/errors.ts';
import { isRefusal, type JobQueue } from './batch.ts';
import { type EndJobServices, endJob } from './end-job.ts';

export interface SubmitJobServices extends EndJobServices {
  readonly queue: JobQueue;
}

/**
 * Submits a job that is stored and was not submitted yet. One that Batch will not have ends as `infrastructure`.
 *
 * @throws what Batch throws when it has no room or cannot be reached: the same call may go well later
 */
export async function submitJob(services: SubmitJobServices, jobId: string): Promise<void> {
  const { jobs, queue } = services;
  const job = (await jobs.load(jobId))?.job;
  if (job?.status !== 'created' || job.batch_job_id !== undefined || job.claimed_by !== undefined) return;
  try {
    // A job that is submitted twice is done once: its workers claim it.
    await jobs.recordSubmission(jobId, await queue.submit(jobId, job.tenant), new Date());
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    const error = new OctetError('infrastructure', 'The job could not be queued; send it again.', { cause });
    await endJob(services, job, { status: 'error', error: error.toJobError() });
  }
}
