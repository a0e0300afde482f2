import type { JobError } from '../errors.ts';
import type { JobRecord } from './job-record.ts';
import type { JobState } from './job-state.ts';

/** A job in a list: what is known of it without its progress. */
export interface JobSummary {
  readonly job_id: string;
  readonly status: JobState;
  readonly created_at: string;
  readonly finished_at?: string;
  readonly input: { readonly url: string };
  readonly outputs: readonly { readonly dest_path: string }[];
  readonly error?: JobError;
  readonly metadata?: Readonly<Record<string, string>>;
}

export function jobSummary(job: JobRecord): JobSummary {
  return {
    job_id: job.job_id,
    status: job.status,
    created_at: job.created_at,
    ...(job.finished_at && { finished_at: job.finished_at }),
    input: { url: job.input_url },
    outputs: job.outputs.map(({ dest_path }) => ({ dest_path })),
    ...(job.error && { error: job.error }),
    ...(job.metadata && { metadata: job.metadata }),
  };
}
