import type { JobRecord } from '../../domain/job/job-record.ts';
import type { Faults, Findings } from './findings.ts';
import type { AcceptedJob } from './post-jobs.ts';

/** What a run has come to, in numbers. The faults must be 0. */
export interface Result extends Faults {
  /** Accepted ones. */
  readonly jobs: number;
  readonly complete: number;
  readonly error: number;
}

/** @param stored all jobs, those too that nobody was told were accepted */
export function resultOf(
  accepted: readonly AcceptedJob[],
  stored: readonly JobRecord[],
  { faults }: Findings,
): Result {
  const states = new Map(stored.map(({ job_id, status }) => [job_id, status]));
  const count = (status: string) => accepted.filter(({ jobId }) => states.get(jobId) === status).length;
  return { jobs: accepted.length, complete: count('complete'), error: count('error'), ...faults };
}
