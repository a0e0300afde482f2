import type { JobRecord } from '../../domain/job/job-record.ts';
import type { Findings } from './findings.ts';
import type { AcceptedJob } from './post-jobs.ts';

/** What a run has come to, in numbers. All but the first three must be 0. */
export interface Result {
  /** Accepted ones. */
  readonly jobs: number;
  readonly complete: number;
  readonly error: number;
  /** Accepted or stored, and never ended. */
  readonly lost: number;
  /** Ended more than once, or changed after their end. */
  readonly settled_twice: number;
  /** Owners that never heard, or heard something wrong. */
  readonly callbacks_missing: number;
  /** Jobs that are there twice, though their clients have sent them once, or again with the same key. */
  readonly doubled: number;
  /** What still runs or is kept and should not, and files of complete jobs that are not all there. */
  readonly left_behind: number;
  /** Ended in a way that nothing which happened to them explains. */
  readonly unfitting: number;
}

/** @param stored all jobs, those too that nobody was told were accepted */
export function resultOf(
  accepted: readonly AcceptedJob[],
  stored: readonly JobRecord[],
  findings: Findings,
): Result {
  const states = new Map(stored.map(({ job_id, status }) => [job_id, status]));
  const count = (status: string) => accepted.filter(({ jobId }) => states.get(jobId) === status).length;
  return {
    jobs: accepted.length,
    complete: count('complete'),
    error: count('error'),
    lost: findings.of('lost'),
    settled_twice: findings.of('settled_twice'),
    callbacks_missing: findings.of('callbacks_missing'),
    doubled: findings.of('doubled'),
    left_behind: findings.of('left_behind'),
    unfitting: findings.of('unfitting'),
  };
}
