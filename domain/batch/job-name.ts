/** What the Batch jobs of a job do: the one whose end is the job's, or those that encode the parts of a split job. */
export type BatchStep = 'job' | 'encode';

const PREFIXES: Readonly<Record<BatchStep, string>> = { encode: 'octet-encode-', job: 'octet-' };

/** The name of a job in AWS Batch, by which its events are told. At most 128 characters; a job's id has 36. */
export function batchJobName(jobId: string, step: BatchStep = 'job'): string {
  return `${PREFIXES[step]}${jobId}`;
}

/** The job that a Batch job works for, and what it does for it; undefined for a Batch job that is not ours. */
export function parseBatchJobName(name: string): { jobId: string; step: BatchStep } | undefined {
  for (const step of ['encode', 'job'] as const) {
    if (name.startsWith(PREFIXES[step])) return { jobId: name.slice(PREFIXES[step].length), step };
  }
  return undefined;
}

/** The id of the array that a Batch job is a child of; the id itself for any other. */
export function arrayIdOf(batchJobId: string): string {
  return batchJobId.split(':')[0] ?? batchJobId;
}
