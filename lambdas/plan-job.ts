import { planJob } from '../services/plan-job.ts';
import { apiHandler } from './api/api-handler.ts';
import { env } from './env.ts';

const services = {
  addresses: { allowPrivateHosts: env('allowPrivateHosts') },
  inputLimits: env('inputLimits'),
  fleet: env('fleet'),
};

/** `POST /v0/jobs/plan` */
export const handler = apiHandler(({ body }) => planJob(services, body));
