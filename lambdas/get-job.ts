import { OctetError } from '../domain/errors.ts';
import { isJobId } from '../domain/job/job-id.ts';
import { jobResource } from '../domain/job/job-resource.ts';
import { apiHandler } from './api/api-handler.ts';
import { jobStore } from './clients.ts';

const jobs = jobStore();

/** `GET /v0/jobs/{job_id}` */
export const handler = apiHandler(async ({ tenant, parameter }) => {
  const jobId = parameter('job_id');
  const snapshot = isJobId(jobId) ? await jobs.load(jobId) : undefined;
  // Another tenant's job is not told from one that does not exist.
  if (snapshot?.job.tenant !== tenant) throw new OctetError('not_found', `There is no job ${jobId}.`);
  return jobResource(snapshot);
});
