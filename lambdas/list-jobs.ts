import { listJobs } from '../services/list-jobs.ts';
import { apiHandler } from './api/api-handler.ts';
import { jobStore } from './clients.ts';

const jobs = jobStore();

/** `GET /v0/jobs` */
export const handler = apiHandler(({ tenant, query }) => listJobs(jobs, tenant, query));
