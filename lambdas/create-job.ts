import { createJob } from '../services/create-job.ts';
import { apiHandler } from './api/api-handler.ts';
import { jobQueue, jobStore, secretBox, submissionQueue } from './clients.ts';
import { env } from './env.ts';

const services = {
  jobs: jobStore(),
  queue: jobQueue(),
  secrets: secretBox(),
  submissions: submissionQueue(),
  addresses: { allowPrivateHosts: env('allowPrivateHosts') },
};

/** `POST /v0/jobs/create` */
export const handler = apiHandler(({ tenant, body }) => createJob(services, tenant, body));
