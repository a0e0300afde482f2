import type { JobError } from '../errors.ts';
import type {
  CallbackAttempt,
  InputFacts,
  JobRecord,
  JobSnapshot,
  Made,
  OutputOutcome,
} from './job-record.ts';
import { hasEnded, JOB_STATES, type JobState } from './job-state.ts';

/** One output in a job's resource. What was made stands beside its status once it is complete. */
export interface OutputResource extends Partial<Made> {
  readonly dest_path: string;
  readonly status: JobState;
  readonly url?: string;
  readonly error?: JobError;
}

/** What a job took of the machines that encode, those included that were lost. */
export interface JobCost {
  readonly gpu_seconds: number;
  /** At the price of On-Demand machines. Spot ones cost about a third. */
  readonly usd: number;
}

/** What `GET /v0/jobs/{job_id}` answers. */
export interface JobResource {
  readonly job_id: string;
  readonly status: JobState;
  readonly encode_completion_pct: number;
  readonly packaging_completion_pct: number;
  readonly created_at: string;
  readonly outputs: readonly OutputResource[];
  readonly input: { readonly url: string } & Omit<InputFacts, 'etag'>;
  readonly error?: JobError;
  readonly warnings: readonly string[];
  /** Seconds from `created_at` to each step that was reached. */
  readonly timings: Readonly<Record<string, number>>;
  /** Missing until the job has ended. */
  readonly cost?: JobCost;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly callbacks: readonly CallbackAttempt[];
}

/** A job as its owner sees it. */
export function jobResource(snapshot: JobSnapshot): JobResource {
  const { job, encoded, packaged, callbacks } = snapshot;
  const { etag: _, ...input } = job.input ?? {};
  return {
    job_id: job.job_id,
    status: job.status,
    encode_completion_pct: reached(job, 'encode_complete') ? 1 : encoded,
    packaging_completion_pct: job.status === 'complete' ? 1 : packaged,
    created_at: job.created_at,
    outputs: job.outputs.map(({ dest_path }, index) => ({
      dest_path,
      ...outputState(job, job.outcome?.outputs?.[index]),
    })),
    input: { url: job.input_url, ...input },
    ...(job.error && { error: job.error }),
    warnings: job.warnings,
    timings: timingsOf(job),
    ...(hasEnded(job.status) && { cost: costOf(snapshot) }),
    ...(job.metadata && { metadata: job.metadata }),
    callbacks,
  };
}

/** Whether a job has come to a state on its way; for one that failed, the times tell. */
function reached(job: JobRecord, state: JobState): boolean {
  if (job.status === 'error') return state === 'encode_complete' && job.encoded_at !== undefined;
  return JOB_STATES.indexOf(job.status) >= JOB_STATES.indexOf(state);
}

function outputState(job: JobRecord, outcome: OutputOutcome | undefined): Omit<OutputResource, 'dest_path'> {
  // Until the job has ended, a later attempt of its worker may still make an output anew.
  if (!hasEnded(job.status)) return { status: job.status };
  if (outcome?.status === 'complete') return { status: 'complete', url: outcome.url, ...outcome.made };
  const error = outcome?.error ?? job.error;
  return { status: 'error', ...(error && { error }) };
}

/** To the millisecond and the micro-dollar. */
function costOf({ job: { usd_per_hour = 0 }, encodingSeconds }: JobSnapshot): JobCost {
  const usd = (encodingSeconds / 3600) * usd_per_hour;
  return { gpu_seconds: Math.round(encodingSeconds * 1e3) / 1e3, usd: Math.round(usd * 1e6) / 1e6 };
}

function timingsOf(job: JobRecord): Record<string, number> {
  const steps = {
    queued: job.submitted_at,
    started: job.started_at,
    encoded: job.encoded_at,
    packaged: job.packaged_at,
    finished: job.finished_at,
  };
  const begun = Date.parse(job.created_at);
  return Object.fromEntries(
    Object.entries(steps).flatMap(([step, at]) =>
      at === undefined ? [] : [[step, (Date.parse(at) - begun) / 1000]],
    ),
  );
}
