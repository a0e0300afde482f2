import { attemptNumber, type JobRecord } from './job-record.ts';

/**
 * The definition's environment, the job's own over it, and what Batch sets:
 * https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
 */
export function workerEnvironment(job: JobRecord, definition: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const overrides = (job.overrides.environment ?? []).map(({ name = '', value = '' }) => [name, value]);
  const index = job.child === undefined ? {} : { AWS_BATCH_JOB_ARRAY_INDEX: String(job.child.index) };
  return {
    ...definition,
    ...Object.fromEntries(overrides),
    ...index,
    AWS_BATCH_JOB_ID: job.jobId,
    AWS_BATCH_JOB_ATTEMPT: String(attemptNumber(job)),
    AWS_BATCH_JQ_NAME: job.queue,
  };
}
