import type { AttemptDetail, ContainerOverrides, JobDependency, JobStatus } from '@aws-sdk/client-batch';
import type { ProcessIdentity } from './process-group.ts';
import type { RetryRules } from './retry-rules.ts';

/** A job, an array's parent, or an array's child, as it is kept on disk. Times are milliseconds since 1970. */
export interface JobRecord {
  /** Grows with each job; an array's children come before their parent. */
  readonly sequence: number;
  readonly jobId: string;
  readonly jobName: string;
  /** By name. */
  readonly queue: string;
  /** By name. */
  readonly definition: string;
  readonly status: JobStatus;
  readonly statusReason?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly dependsOn: readonly JobDependency[];
  readonly retry: RetryRules;
  /** Seconds that one attempt may take. */
  readonly timeout?: number;
  /** What the submitter set; the definition's environment is never kept. */
  readonly overrides: ContainerOverrides;
  readonly parameters: Record<string, string>;
  readonly tags: Record<string, string>;
  readonly shareIdentifier?: string;
  readonly schedulingPriority?: number;
  /** Of an array's parent. */
  readonly arraySize?: number;
  /** Of an array's child. */
  readonly child?: { readonly arrayJobId: string; readonly index: number };
  /** Attempts that have ended. */
  readonly attempts: readonly AttemptDetail[];
  /** Of the attempt that runs now. */
  readonly process?: ProcessIdentity;
  /** Set when somebody asked for the job's end. */
  readonly termination?: { readonly reason: string; readonly by: 'cancel' | 'terminate' };
  /** Whether the event of the job's end has been taken. */
  readonly eventDelivered?: boolean;
}

export function hasEnded(job: JobRecord): boolean {
  return job.status === 'SUCCEEDED' || job.status === 'FAILED';
}

/** The number of the attempt that runs now, or that would be the next: 1 for the first. */
export function attemptNumber(job: JobRecord): number {
  return job.attempts.length + 1;
}

/** Where a worker's output goes, below the folder of logs. */
export function logStreamName(job: JobRecord): string {
  return `${job.jobId}/${attemptNumber(job)}.log`;
}
