import { OctetError } from '../domain/errors.ts';
import type { JobRecord } from '../domain/job/job-record.ts';
import { hasEnded } from '../domain/job/job-state.ts';
import { isRefusal, type JobQueue } from './batch.ts';
import { type EndJobServices, endJob } from './end-job.ts';
import type { JobStore } from './job-store/job-store.ts';

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
  if (job === undefined || !isUnsubmitted(job)) return;
  try {
    // A job that is submitted twice is done once: its workers claim it.
    await jobs.recordSubmission(jobId, await submitToBatch(jobs, queue, job), new Date());
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    const error = new OctetError('infrastructure', 'The job could not be queued; send it again.', { cause });
    await endJob(services, job, { status: 'error', error: error.toJobError() });
  }
}

/** The parts of a split job may be at work, noted or not, while nobody has submitted its packaging. */
function isUnsubmitted({ status, batch_job_id, claimed_by }: JobRecord): boolean {
  return !hasEnded(status) && batch_job_id === undefined && claimed_by === undefined;
}

/**
 * Submits what a job is done by: one Batch job; or for a split one an array that encodes, which is written down, and behind
 * it one that packages.
 *
 * @returns the id of the Batch job whose end is the job's
 */
export async function submitToBatch(
  jobs: JobStore,
  queue: JobQueue,
  job: Pick<JobRecord, 'job_id' | 'tenant' | 'plan' | 'encode_job_id'>,
): Promise<string> {
  const { children = 1 } = job.plan ?? {};
  if (children === 1) return queue.submit(job);
  return queue.submitPackaging(job, job.encode_job_id ?? (await submitEncoding(jobs, queue, job, children)));
}

async function submitEncoding(
  jobs: JobStore,
  queue: JobQueue,
  job: Pick<JobRecord, 'job_id' | 'tenant'>,
  children: number,
): Promise<string> {
  const encodingId = await queue.submitEncoding(job, children);
  await jobs.recordEncoding(job.job_id, encodingId);
  return encodingId;
}
