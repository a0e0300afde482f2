import { listJobs } from '../services/list-jobs.ts';
import { apiHandler } from './api/api-handler.ts';
import { jobFinder } from './clients.ts';

const finder = jobFinder();

/** `GET /v0/jobs` */
export const handler = apiHandler(({ tenant, query }) => listJobs(finder, tenant, query));
