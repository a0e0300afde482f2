import { LostRaceError, OctetError } from '../domain/errors.ts';
import { type JobResource, jobResource } from '../domain/job/job-resource.ts';
import { hasEnded } from '../domain/job/job-state.ts';
import { type EndJobServices, queueCallback } from './end-job.ts';
import { ownedJob } from './owned-job.ts';

/**
 * Has a job's callback delivered again, under the same webhook id.
 *
 * @throws OctetError `not_found`; `conflict` for a job that has not ended, or that has no callback
 */
export async function redeliverCallback(
  services: EndJobServices,
  tenant: string,
  jobId: string,
): Promise<JobResource> {
  const { job } = await ownedJob(services.jobs, tenant, jobId);
  if (job.callback_status === undefined)
    throw new OctetError('conflict', 'The job was created without a callback.');
  if (!hasEnded(job.status)) throw new OctetError('conflict', `The job has not ended: it is ${job.status}.`);
  try {
    await services.jobs.moveCallback(jobId, ['queued', 'delivered', 'failed'], 'waiting');
  } catch (error) {
    // It waits already.
    if (!(error instanceof LostRaceError)) throw error;
  }
  await queueCallback(services, jobId);
  return jobResource(await ownedJob(services.jobs, tenant, jobId));
}
