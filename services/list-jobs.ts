import { type JobSummary, jobSummary } from '../domain/job/job-summary.ts';
import { cursorAfter, parseJobListQuery } from '../domain/request/job-list-query.ts';
import type { JobFinder } from './job-store/job-finder.ts';

/** What `GET /v0/jobs` answers. */
export interface JobList {
  /** Newest first. */
  readonly jobs: readonly JobSummary[];
  /** Missing when there are no more. */
  readonly next_cursor?: string;
}

/**
 * A page of a tenant's jobs.
 *
 * @throws InvalidRequestError
 */
export async function listJobs(
  finder: JobFinder,
  tenant: string,
  parameters: Readonly<Record<string, string>>,
): Promise<JobList> {
  const { jobs: found, after } = await finder.list(tenant, parseJobListQuery(parameters));
  return { jobs: found.map(jobSummary), ...(after !== undefined && { next_cursor: cursorAfter(after) }) };
}
