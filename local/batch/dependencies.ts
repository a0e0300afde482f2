import { hasEnded, type JobRecord } from './job-record.ts';
import { childId } from './names.ts';

export type Readiness = 'ready' | 'waiting' | 'failed';

/** Tells whether a job may run: when all that it depends on has succeeded. One that failed decides at once. */
export function readinessOf(job: JobRecord, find: (jobId: string) => JobRecord | undefined): Readiness {
  const awaited = awaitedIds(job).map(find);
  if (awaited.some((each) => each === undefined || each.status === 'FAILED')) return 'failed';
  return awaited.every((each) => each !== undefined && hasEnded(each)) ? 'ready' : 'waiting';
}

/** A child waits for its sibling (SEQUENTIAL), for the child of another array with its index (N_TO_N), or for a job. */
function awaitedIds(job: JobRecord): string[] {
  return job.dependsOn.flatMap(({ jobId, type }) => {
    if (type === 'SEQUENTIAL') {
      const { child } = job;
      return child === undefined || child.index === 0 ? [] : [childId(child.arrayJobId, child.index - 1)];
    }
    if (jobId === undefined) return [];
    return type === 'N_TO_N' && job.child !== undefined ? [childId(jobId, job.child.index)] : [jobId];
  });
}
