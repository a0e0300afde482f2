const PREFIX = 'octet-';

/** The name of a job in AWS Batch, by which its events are told. At most 128 characters; a job's id has 36. */
export function batchJobName(jobId: string): string {
  return `${PREFIX}${jobId}`;
}

/** The id of the job that a Batch job works for; undefined for a Batch job that is not ours. */
export function jobIdOf(batchJobName: string): string | undefined {
  return batchJobName.startsWith(PREFIX) ? batchJobName.slice(PREFIX.length) : undefined;
}
