import { redeliverCallback } from '../services/redeliver-callback.ts';
import { apiHandler } from './api/api-handler.ts';
import { callbackQueue, jobStore } from './clients.ts';

const services = { jobs: jobStore(), callbacks: callbackQueue() };

/** `POST /v0/jobs/{job_id}/callbacks/redeliver` */
export const handler = apiHandler(({ tenant, parameter }) =>
  redeliverCallback(services, tenant, parameter('job_id')),
);
