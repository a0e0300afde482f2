import * as v from 'valibot';
import { ERROR_CODES } from '../errors.ts';
import { planSchema } from '../plan/plan.ts';
import { storedDestinationSchema } from '../request/destination.ts';
import { outputSchema } from '../request/output.ts';
import { ATTENTIONS } from './attention.ts';
import { JOB_STATES } from './job-state.ts';

/** ISO 8601 in UTC. */
const time = v.string();

export const jobErrorSchema = v.object({
  code: v.picklist(ERROR_CODES),
  message: v.string(),
  retryable: v.boolean(),
});

/** What was really made of one output, as read back from the file. */
export const madeSchema = v.object({
  codec: v.string(),
  profile: v.string(),
  level: v.string(),
  width: v.number(),
  height: v.number(),
  frames: v.number(),
  /** Seconds. */
  duration: v.number(),
  bitrate_kbps: v.number(),
  /** Bytes. */
  size: v.number(),
  /** ffmpeg's name of the encoder. */
  encoder: v.string(),
});

export type Made = v.InferOutput<typeof madeSchema>;

/** How one output ended. */
export const outputOutcomeSchema = v.variant('status', [
  v.object({ status: v.literal('complete'), url: v.string(), made: madeSchema }),
  v.object({ status: v.literal('error'), error: jobErrorSchema }),
]);

export type OutputOutcome = v.InferOutput<typeof outputOutcomeSchema>;

/** What the worker leaves when it is done with a job: how each output ended, or why there is none. */
export const outcomeSchema = v.object({
  outputs: v.optional(v.array(outputOutcomeSchema)),
  error: v.optional(jobErrorSchema),
});

export type Outcome = v.InferOutput<typeof outcomeSchema>;

/** What create found out about the input. */
const inputFactsSchema = v.object({
  container: v.optional(v.string()),
  duration_s: v.optional(v.number()),
  size_bytes: v.optional(v.number()),
  /** Tells whether the file is still the same when its worker opens it. */
  etag: v.optional(v.string()),
  video: v.optional(
    v.object({
      codec: v.string(),
      width: v.number(),
      height: v.number(),
      rotation: v.optional(v.number()),
      frame_rate: v.optional(v.number()),
    }),
  ),
});

export type InputFacts = v.InferOutput<typeof inputFactsSchema>;

/** A ciphertext in base64. What it holds is said in secrets.ts. */
const sealedSchema = v.string();

/**
 * A job as it is stored, without its progress and its callbacks' attempts, which are items of their own. Secrets are only
 * in the sealed fields; `sealed_work` is removed when the job ends.
 */
export const jobRecordSchema = v.object({
  job_id: v.string(),
  /** Whose job it is: the id of the API key. */
  tenant: v.string(),
  status: v.picklist(JOB_STATES),
  created_at: time,
  submitted_at: v.optional(time),
  started_at: v.optional(time),
  encoded_at: v.optional(time),
  packaged_at: v.optional(time),
  finished_at: v.optional(time),
  /** Without its query. */
  input_url: v.string(),
  input: v.optional(inputFactsSchema),
  destination: storedDestinationSchema,
  /** In the words of the request. */
  outputs: v.array(outputSchema),
  metadata: v.optional(v.record(v.string(), v.string())),
  warnings: v.array(v.string()),
  /** How it is shared out. Missing for a job that one worker does. */
  plan: v.optional(planSchema),
  /** What an hour costs of a machine that encodes, when the job was created. */
  usd_per_hour: v.optional(v.number()),
  /** The Batch job whose end is the job's: of the one worker that does it all, or of the one that packages. */
  batch_job_id: v.optional(v.string()),
  /** The array of Batch jobs that encode the parts of a split job. */
  encode_job_id: v.optional(v.string()),
  /** The Batch job whose worker has taken the job on. */
  claimed_by: v.optional(v.string()),
  outcome: v.optional(outcomeSchema),
  /** Why the job ended in `error`. */
  error: v.optional(jobErrorSchema),
  sealed_work: v.optional(sealedSchema),
  sealed_callback: v.optional(sealedSchema),
  attention: v.optional(v.picklist(ATTENTIONS)),
  attention_at: v.optional(time),
  /** Whether its owner has heard, or is still to hear, of its end. */
  callback_status: v.optional(v.picklist(['waiting', 'queued', 'delivered', 'failed'])),
});

export type JobRecord = v.InferOutput<typeof jobRecordSchema>;
/** A record as it is written, with its outputs still in the words of the request. */
export type NewJobRecord = v.InferInput<typeof jobRecordSchema>;

/** One try to deliver a callback. */
export const callbackAttemptSchema = v.object({
  attempt: v.number(),
  at: time,
  /** The HTTP status; missing when there was no answer. */
  status: v.optional(v.number()),
  /** Why it does not count as delivered, in a sentence. */
  error: v.optional(v.string()),
});

export type CallbackAttempt = v.InferOutput<typeof callbackAttemptSchema>;

/** A job with all that is stored beside it. Fractions from 0 to 1. */
export interface JobSnapshot {
  readonly job: JobRecord;
  readonly encoded: number;
  readonly packaged: number;
  /** Seconds that machines were taken for to encode, as far as they are known to have ended. */
  readonly encodingSeconds: number;
  readonly callbacks: readonly CallbackAttempt[];
}

/** The Batch job that works for a job: the one whose worker has taken it on, else the one that was submitted. */
export function batchJobOf(job: Pick<JobRecord, 'claimed_by' | 'batch_job_id'>): string | undefined {
  return job.claimed_by ?? job.batch_job_id;
}
