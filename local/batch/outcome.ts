import { attemptNumber, type JobRecord, logStreamName } from './job-record.ts';
import { type AttemptEnding, isRetried } from './retry-rules.ts';

/** An attempt that the stand-in's own end has cut short: Batch's words for a host that is gone, such as a Spot loss. */
export const hostTerminated: AttemptEnding = { statusReason: 'Host EC2 (instance local) terminated.' };

/** What a job becomes when its attempt ends: over, or waiting for the next attempt. */
export function afterAttempt(job: JobRecord, ending: AttemptEnding, now: number): Partial<JobRecord> {
  const statusReason = job.termination?.reason ?? ending.statusReason;
  const { exitCode, reason } = ending;
  const container = { exitCode, reason, logStreamName: logStreamName(job) };
  const attempt = { container, startedAt: job.startedAt, stoppedAt: now, statusReason };
  const base = { attempts: [...job.attempts, attempt], process: undefined };

  if (job.termination === undefined && !ending.isFinal) {
    if (exitCode === 0) return { ...base, ...ended('SUCCEEDED', statusReason, now) };
    if (isRetried(job.retry, attemptNumber(job), ending))
      return { ...base, status: 'RUNNABLE', statusReason };
  }
  return { ...base, ...ended('FAILED', statusReason, now) };
}

/** A job that is over. */
export function ended(
  status: 'SUCCEEDED' | 'FAILED',
  statusReason: string | undefined,
  now: number,
): Partial<JobRecord> {
  return { status, statusReason, stoppedAt: now, eventDelivered: false };
}
