import type { JobDetail, JobSummary } from '@aws-sdk/client-batch';
import { statusSummary } from './array-jobs.ts';
import type { JobRecord } from './job-record.ts';
import type { JobTable } from './job-table.ts';
import { definitionArn, jobArn, queueArn } from './names.ts';

/** A job as DescribeJobs and the events of Batch show it. */
export function describeJob(job: JobRecord, jobs: JobTable): JobDetail {
  const { parameters, tags, createdAt, startedAt, stoppedAt, status, statusReason, shareIdentifier } = job;
  return {
    jobArn: jobArn(job.jobId),
    jobName: job.jobName,
    jobId: job.jobId,
    jobQueue: queueArn(job.queue),
    jobDefinition: definitionArn(job.definition),
    status,
    statusReason,
    attempts: [...job.attempts],
    createdAt,
    startedAt,
    stoppedAt,
    retryStrategy: { ...job.retry, evaluateOnExit: [...job.retry.evaluateOnExit] },
    timeout: job.timeout === undefined ? undefined : { attemptDurationSeconds: job.timeout },
    dependsOn: [...job.dependsOn],
    parameters,
    tags,
    shareIdentifier,
    schedulingPriority: job.schedulingPriority,
    container: containerOf(job),
    arrayProperties: arrayPropertiesOf(job, jobs),
    isCancelled: job.termination?.by === 'cancel',
    isTerminated: job.termination?.by === 'terminate',
  };
}

/** A job as ListJobs shows it. */
export function summarizeJob(job: JobRecord, jobs: JobTable): JobSummary {
  const { createdAt, startedAt, stoppedAt, status, statusReason, shareIdentifier } = job;
  const { exitCode, reason } = job.attempts.at(-1)?.container ?? {};
  return {
    jobArn: jobArn(job.jobId),
    jobId: job.jobId,
    jobName: job.jobName,
    jobDefinition: definitionArn(job.definition),
    createdAt,
    startedAt,
    stoppedAt,
    status,
    statusReason,
    shareIdentifier,
    container: { exitCode, reason },
    arrayProperties: arrayPropertiesOf(job, jobs),
  };
}

/** What the submitter set, and how the last attempt ended. */
function containerOf(job: JobRecord): JobDetail['container'] {
  const { command = [], environment = [], resourceRequirements = [] } = job.overrides;
  return { command, environment, resourceRequirements, ...job.attempts.at(-1)?.container };
}

function arrayPropertiesOf(job: JobRecord, jobs: JobTable): JobDetail['arrayProperties'] {
  if (job.child !== undefined) return { index: job.child.index };
  if (job.arraySize === undefined) return undefined;
  return { size: job.arraySize, statusSummary: statusSummary(jobs.childrenOf(job)) };
}
