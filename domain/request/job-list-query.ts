import * as v from 'valibot';
import { InvalidRequestError, type Problem } from '../errors.ts';
import { isJobId } from '../job/job-id.ts';
import { JOB_STATES, type JobState } from '../job/job-state.ts';

/** What is asked of the list of jobs. */
export interface JobListQuery {
  readonly status: JobState | undefined;
  /** Jobs in one answer. */
  readonly limit: number;
  /** The id of the last job of the answer before. */
  readonly after: string | undefined;
}

const LIMIT_MESSAGE = 'must be a whole number from 1 to 100';

const querySchema = v.strictObject({
  status: v.optional(v.picklist(JOB_STATES, `must be one of ${JOB_STATES.join(', ')}`)),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,3}$/, LIMIT_MESSAGE),
      v.transform(Number),
      v.minValue(1, LIMIT_MESSAGE),
      v.maxValue(100, LIMIT_MESSAGE),
    ),
    '20',
  ),
  cursor: v.optional(
    v.pipe(
      v.string(),
      v.transform((cursor) => Buffer.from(cursor, 'base64url').toString()),
      v.check(isJobId, 'must be the next_cursor of an earlier answer'),
    ),
  ),
});

/**
 * Parses the parameters of the list of jobs.
 *
 * @throws InvalidRequestError with every problem
 */
export function parseJobListQuery(parameters: Readonly<Record<string, string>>): JobListQuery {
  const result = v.safeParse(querySchema, parameters);
  if (result.success) {
    const { status, limit, cursor } = result.output;
    return { status, limit, after: cursor };
  }
  const [first, ...rest] = result.issues.map((issue): Problem => {
    const isUnknown = issue.type === 'strict_object';
    const message = isUnknown
      ? 'is not a parameter of this call; it takes status, limit and cursor'
      : issue.message;
    return { path: v.getDotPath(issue) ?? '', code: 'invalid_request', message };
  });
  throw new InvalidRequestError([first as Problem, ...rest]);
}

/** What a caller sends to have the answer go on behind a job. */
export function cursorAfter(jobId: string): string {
  return Buffer.from(jobId).toString('base64url');
}
