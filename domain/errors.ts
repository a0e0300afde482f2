/**
 * Every way a request or a job can fail, in one table. `status` is the HTTP status when the API answers with it (422 for
 * the codes that a job usually ends with: the request was well formed, the input or destination was not usable);
 * `retryable` says whether the same job, sent again unchanged, may well succeed.
 */
const ERRORS = {
  invalid_json: { status: 400, retryable: false },
  invalid_request: { status: 400, retryable: false },
  unauthorized: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  conflict: { status: 409, retryable: false },
  body_too_large: { status: 413, retryable: false },
  idempotency_key_reused: { status: 422, retryable: false },
  throttled: { status: 429, retryable: true },
  input_unreachable: { status: 422, retryable: true },
  input_no_range_support: { status: 422, retryable: false },
  input_not_media: { status: 422, retryable: false },
  input_unsupported: { status: 422, retryable: false },
  input_changed: { status: 422, retryable: true },
  input_corrupt: { status: 422, retryable: false },
  settings_rejected_by_encoder: { status: 422, retryable: false },
  destination_denied: { status: 422, retryable: false },
  destination_unreachable: { status: 422, retryable: true },
  output_verification_failed: { status: 422, retryable: true },
  cancelled: { status: 409, retryable: false },
  timed_out: { status: 422, retryable: false },
  infrastructure: { status: 503, retryable: true },
  internal: { status: 500, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof ERRORS;

/** All that a caller is told of what is not the caller's business. */
export const HIDDEN_MESSAGE = 'Something went wrong on our side; the request id finds it in the log.';

export const KEY_NEEDED_MESSAGE = 'A valid key is needed in the header x-api-key.';

/** Codes of jobs that failed through no fault of their request, input or destination. */
export const OUR_FAULTS: readonly ErrorCode[] = ['infrastructure', 'internal', 'output_verification_failed'];

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** One thing that is wrong with a request, and where. */
export interface Problem {
  /** Where, in JavaScript's notation: `outputs[0].level`. Empty for the request as a whole. */
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a job's record keeps of the error that ended it. */
export interface JobError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

/**
 * An error whose message is written for the user: one sentence that says what to change. Anything else that is thrown
 * is ours to repair and shows itself as `internal`.
 */
export class OctetError extends Error {
  override readonly name: string = 'OctetError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  /** The form in which a job's record keeps it. */
  toJobError(): JobError {
    return { code: this.code, message: this.message, retryable: this.retryable };
  }
}

/** A request with one or more problems; all of them are told at once. */
export class InvalidRequestError extends OctetError {
  override readonly name = 'InvalidRequestError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly [Problem, ...Problem[]], code: ErrorCode = 'invalid_request') {
    super(code, sentence(problems));
    this.problems = problems;
  }
}

/** A well-formed request that cannot be met as things are. Each of its problems is a sentence by itself. */
export class UnusableRequestError extends OctetError {
  override readonly name = 'UnusableRequestError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly [Problem, ...Problem[]]) {
    const [first, ...rest] = problems;
    super(first.code, `${first.message}${andMore(rest)}`);
    this.problems = problems;
  }
}

/** A conditional write that found another state than it needed. Whoever gets it lost a race and does nothing more. */
export class LostRaceError extends Error {
  override readonly name = 'LostRaceError';
}

/** The error that a job's record shows for anything thrown; unexpected errors tell nothing of their inside. */
export function toJobError(error: unknown): JobError {
  if (error instanceof OctetError) return error.toJobError();
  return new OctetError(
    'internal',
    'An unexpected error ended the job; its log has the details.',
  ).toJobError();
}

function sentence([first, ...rest]: readonly [Problem, ...Problem[]]): string {
  const where = first.path === '' ? '' : `${first.path} `;
  return `${where}${first.message}${andMore(rest)}`;
}

function andMore(rest: readonly Problem[]): string {
  return rest.length === 0 ? '' : ` (and ${rest.length} more, see errors)`;
}
