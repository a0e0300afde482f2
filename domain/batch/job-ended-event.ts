import * as v from 'valibot';
import { type ErrorCode, type JobError, OctetError } from '../errors.ts';
import type { Outcome, OutputOutcome } from '../job/job-record.ts';
import type { Ending } from '../job/job-state.ts';
import { isHostFault } from './exit-codes.ts';

const attemptSchema = v.object({
  /** Milliseconds since 1970; missing for one whose container never ran. */
  startedAt: v.optional(v.number()),
  stoppedAt: v.optional(v.number()),
  statusReason: v.optional(v.string()),
  container: v.optional(v.object({ exitCode: v.optional(v.number()), reason: v.optional(v.string()) })),
});

/** https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html */
export const jobEndedEventSchema = v.object({
  'detail-type': v.literal('Batch Job State Change'),
  source: v.literal('aws.batch'),
  detail: v.object({
    jobId: v.string(),
    jobName: v.string(),
    status: v.picklist(['SUCCEEDED', 'FAILED']),
    statusReason: v.optional(v.string()),
    attempts: v.optional(v.array(attemptSchema), []),
    isCancelled: v.optional(v.boolean()),
    isTerminated: v.optional(v.boolean()),
  }),
});

export type JobEndedDetail = v.InferOutput<typeof jobEndedEventSchema>['detail'];

/**
 * The rule that sends the ends of our queues' jobs to settle-job, those of an array's children too.
 *
 * @param jobQueues their ARNs
 */
export function jobEndedPattern(jobQueues: readonly string[]) {
  return {
    source: ['aws.batch'],
    'detail-type': ['Batch Job State Change'],
    detail: {
      status: ['SUCCEEDED', 'FAILED'],
      jobQueue: [...jobQueues],
    },
  };
}

/** Seconds that a Batch job had a machine for, in all its attempts. */
export function secondsOfWork({ attempts }: JobEndedDetail): number {
  const milliseconds = attempts.map(({ startedAt, stoppedAt = 0 }) =>
    startedAt ? stoppedAt - startedAt : 0,
  );
  return milliseconds.reduce((sum, each) => sum + Math.max(0, each), 0) / 1000;
}

/** Why a Batch job failed whose worker left no word of its own. */
function errorOf(detail: JobEndedDetail): JobError {
  return new OctetError(...explain(detail)).toJobError();
}

function explain({
  statusReason = '',
  attempts,
  isTerminated,
  isCancelled,
}: JobEndedDetail): [ErrorCode, string] {
  const last = attempts.at(-1);
  const reason = last?.statusReason ?? statusReason;
  const exitCode = last?.container?.exitCode;
  if (/exceeded timeout/i.test(statusReason)) {
    return ['timed_out', 'The job ran longer than it may; split it into shorter inputs or fewer outputs.'];
  }
  // Batch cancels what waits in vain: https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html
  if (/^(CAPACITY|MISCONFIGURATION):/.test(statusReason)) {
    return ['infrastructure', 'No machine for the job could be had for hours; send it again later.'];
  }
  if (isTerminated || isCancelled) return ['cancelled', 'The job was cancelled.'];
  if (attempts.length === 0) {
    return ['infrastructure', 'The machines that ran the job were lost; send the job again.'];
  }
  const tries = attempts.length === 1 ? 'once' : `${attempts.length} times`;
  if (/^Host EC2/.test(reason) || exitCode === undefined) {
    return ['infrastructure', `The machine that ran the job was lost (tried ${tries}); send the job again.`];
  }
  if (isHostFault(exitCode)) {
    const message = `The machine that ran the job failed (tried ${tries}), as when memory or disk space is short; send the job again, and with fewer or smaller outputs if that does not help.`;
    return ['infrastructure', message];
  }
  return ['internal', 'The worker failed unexpectedly; its log has the details.'];
}

/**
 * How a job ends whose Batch job has ended: what its worker wrote down counts before what Batch says.
 *
 * @param outcome the worker's word; undefined where it left none
 */
export function endingOf(detail: JobEndedDetail, outcome: Outcome | undefined): Ending {
  return endingOfOutcome(outcome ?? {}) ?? { status: 'error', error: errorOf(detail) };
}

/** How a job ends by its worker's word; undefined where that says neither what was made nor what went wrong. */
export function endingOfOutcome({ error, outputs }: Outcome): Ending | undefined {
  if (error !== undefined) return { status: 'error', error };
  return outputs && endingOfOutputs(outputs);
}

function endingOfOutputs(outputs: readonly OutputOutcome[]): Ending {
  const failed = outputs.flatMap((output) => (output.status === 'error' ? [output.error] : []));
  const [first] = failed;
  if (first === undefined) return { status: 'complete' };
  if (outputs.length === 1) return { status: 'error', error: first };
  const message = `${failed.length} of ${outputs.length} outputs failed; the first: ${first.message}`;
  return { status: 'error', error: { ...first, message } };
}
