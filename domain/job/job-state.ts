import type { JobError } from '../errors.ts';

/** The states of a job, in the order in which it passes through them. `error` may follow any but `complete`. */
export const JOB_STATES = [
  'created',
  'encode_in_progress',
  'encode_complete',
  'packaging_in_progress',
  'complete',
  'error',
] as const;

export type JobState = (typeof JOB_STATES)[number];

/** States that a job never leaves. */
export const END_STATES = ['complete', 'error'] as const satisfies readonly JobState[];

export type EndState = (typeof END_STATES)[number];

export function hasEnded(state: JobState): state is EndState {
  return state === 'complete' || state === 'error';
}

/**
 * The states from which a job may move to `to`: the earlier ones that are not ends. A job's worker may be a later attempt,
 * and events come in any order, so states may be passed over; none is ever returned to.
 */
export function statesBefore(to: JobState): JobState[] {
  return JOB_STATES.slice(0, JOB_STATES.indexOf(to)).filter((state) => !hasEnded(state));
}

/** How a job ends. */
export type Ending = { readonly status: 'complete' } | { readonly status: 'error'; readonly error: JobError };

/** What the log says when a job has ended, with `status` and `code` beside it: metrics are counted by it. */
export const JOB_ENDED_MESSAGE = 'The job has ended.';
