import { jobResource } from '../domain/job/job-resource.ts';
import { ownedJob } from '../services/owned-job.ts';
import { apiHandler } from './api/api-handler.ts';
import { jobStore } from './clients.ts';

const jobs = jobStore();

/** `GET /v0/jobs/{job_id}` */
export const handler = apiHandler(async ({ tenant, parameter }) =>
  jobResource(await ownedJob(jobs, tenant, parameter('job_id'))),
);
