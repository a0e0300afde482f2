import { createJob } from '../services/create-job.ts';
import { createJobOnce } from '../services/create-job-once.ts';
import { apiHandler } from './api/api-handler.ts';
import { idempotencyStore, jobQueue, jobStore, secretBox, submissionQueue } from './clients.ts';
import { env } from './env.ts';

const services = {
  jobs: jobStore(),
  queue: jobQueue(),
  secrets: secretBox(),
  submissions: submissionQueue(),
  idempotency: idempotencyStore(),
  addresses: { allowPrivateHosts: env('allowPrivateHosts') },
  inputLimits: env('inputLimits'),
  fleet: env('fleet'),
};

/** `POST /v0/jobs/create` */
export const handler = apiHandler(({ tenant, body, header }) => {
  const key = header('idempotency-key');
  return key === undefined ? createJob(services, tenant, body) : createJobOnce(services, tenant, body, key);
});
