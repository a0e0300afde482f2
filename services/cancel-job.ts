import { OctetError } from '../domain/errors.ts';
import { batchJobOf, type JobRecord } from '../domain/job/job-record.ts';
import { type JobResource, jobResource } from '../domain/job/job-resource.ts';
import { hasEnded } from '../domain/job/job-state.ts';
import type { JobQueue } from './batch.ts';
import { type EndJobServices, endJob } from './end-job.ts';
import { logError } from './log.ts';
import { ownedJob } from './owned-job.ts';

export interface CancelJobServices extends EndJobServices {
  readonly queue: JobQueue;
}

/**
 * Ends a job before it is done. It has ended when this returns; its workers, if it has any, are told to stop, and could change
 * nothing any more. Of calls that come at once, each has cancelled it.
 *
 * @throws OctetError `not_found`; `conflict` for a job that has ended already
 */
export async function cancelJob(
  services: CancelJobServices,
  tenant: string,
  jobId: string,
): Promise<JobResource> {
  const { job } = await ownedJob(services.jobs, tenant, jobId);
  const error = new OctetError('cancelled', 'The job was cancelled.').toJobError();
  await endJob(services, job, { status: 'error', error });
  // What is stored counts: this call may have ended the job without hearing of it.
  const snapshot = await ownedJob(services.jobs, tenant, jobId);
  const ended = snapshot.job;
  const isCancelled = ended.error?.code === 'cancelled';
  if (isCancelled) await stopWorkers(services.queue, ended);
  if (!isCancelled || hasEnded(job.status))
    throw new OctetError('conflict', `The job has ended already: it is ${ended.status}.`);
  return jobResource(snapshot);
}

async function stopWorkers(queue: JobQueue, job: JobRecord): Promise<void> {
  for (const batchJobId of [job.encode_job_id, batchJobOf(job)]) await stopWorker(queue, batchJobId);
}

async function stopWorker(queue: JobQueue, batchJobId: string | undefined): Promise<void> {
  if (batchJobId === undefined) return;
  try {
    await queue.terminate(batchJobId, 'The job was cancelled.');
  } catch (error) {
    // It ends by itself as soon as it wants to write down how far it is.
    logError('The worker of a cancelled job could not be stopped.', error, { batch_job_id: batchJobId });
  }
}
