import { cancelJob } from '../services/cancel-job.ts';
import { apiHandler } from './api/api-handler.ts';
import { callbackQueue, jobQueue, jobStore } from './clients.ts';

const services = { jobs: jobStore(), queue: jobQueue(), callbacks: callbackQueue() };

/** `POST /v0/jobs/{job_id}/cancel` */
export const handler = apiHandler(({ tenant, parameter }) =>
  cancelJob(services, tenant, parameter('job_id')),
);
