import type { JobFiles } from './job-files.ts';
import { hasEnded, type JobRecord } from './job-record.ts';

/** Batch shows an ended job for seven days: https://docs.aws.amazon.com/batch/latest/userguide/job_states.html */
const retentionMs = 7 * 24 * 3600 * 1000;

/**
 * Reads the jobs of an earlier run. Removed for good are children whose parent was never written (their SubmitJob was
 * never answered), and jobs that ended more than seven days ago, whose event was taken, and that no live job waits for.
 */
export function restoreJobs(files: JobFiles, now: number, log: (line: string) => void): JobRecord[] {
  const jobs = files.load(log);
  const ids = new Set(jobs.map((job) => job.jobId));
  const whole = jobs.filter((job) => job.child === undefined || ids.has(job.child.arrayJobId));
  const kept = new Set(whole.filter((job) => isKept(job, now)).map(groupOf));
  for (const job of whole)
    if (!hasEnded(job)) for (const { jobId } of job.dependsOn) if (jobId !== undefined) kept.add(jobId);

  const restored = whole.filter((job) => kept.has(groupOf(job)));
  const restoredIds = new Set(restored.map((job) => job.jobId));
  for (const job of jobs) if (!restoredIds.has(job.jobId)) files.remove(job.jobId);
  return restored;
}

function isKept(job: JobRecord, now: number): boolean {
  return !hasEnded(job) || !job.eventDelivered || now - (job.stoppedAt ?? now) < retentionMs;
}

/** An array is kept or removed as a whole. */
function groupOf(job: JobRecord): string {
  return job.child?.arrayJobId ?? job.jobId;
}
