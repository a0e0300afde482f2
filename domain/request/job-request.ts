import * as v from 'valibot';
import { InvalidRequestError, OctetError, type Problem } from '../errors.ts';
import { unusedRateSettings } from '../rate-control.ts';
import { destinationSchema } from './destination.ts';
import { httpUrl, notArray, object, oneOf, webhookSecret } from './fields.ts';
import { type OutputRequest, type OutputWords, outputSchema } from './output.ts';
import { outputProblems } from './output-rules.ts';
import { problemAt } from './path.ts';
import { unknownKeys } from './unknown-keys.ts';

const callbackObject = object(
  {
    url: httpUrl,
    secret: v.optional(webhookSecret),
    detail: v.optional(oneOf(['full'])),
  },
  'must be a URL or an object with url',
);

/** A URL, or an object with one. */
const callbackSchema = v.pipe(
  v.lazy((input) => (typeof input === 'string' ? httpUrl : callbackObject)),
  v.transform((callback) => (typeof callback === 'string' ? { url: callback } : callback)),
);

const METADATA_KEY_MESSAGE = 'must have a key of 1 to 128 characters';
const METADATA_VALUE_MESSAGE = 'must be a string of at most 1024 characters';
const METADATA_MESSAGE =
  'must be an object of at most 20 pairs of strings (keys of 1 to 128, values of at most 1024 characters)';
const metadataSchema = v.pipe(
  // Their number comes first: a body has room for ten thousands of them.
  v.custom<object>(
    (value) => typeof value !== 'object' || Object.keys(value ?? {}).length <= 20,
    METADATA_MESSAGE,
  ),
  notArray(
    v.record(
      v.pipe(v.string(), v.minLength(1, METADATA_KEY_MESSAGE), v.maxLength(128, METADATA_KEY_MESSAGE)),
      v.pipe(v.string(METADATA_VALUE_MESSAGE), v.maxLength(1024, METADATA_VALUE_MESSAGE)),
      METADATA_MESSAGE,
    ),
  ),
);

const MOST_OUTPUTS = 20;

/** The body of `POST /v0/jobs/create`. */
export const jobRequestSchema = object(
  {
    input: object({ url: httpUrl }, 'must be an object with url'),
    destination: destinationSchema,
    outputs: v.pipe(
      // Their number comes first: a body has room for a hundred thousand of them.
      v.custom<unknown[]>(Array.isArray, 'must be a list of 1 to 20 outputs'),
      v.minLength(1, 'must have at least one output'),
      v.maxLength(MOST_OUTPUTS, 'must have at most 20 outputs'),
      v.array(outputSchema),
    ),
    callback: v.optional(callbackSchema),
    metadata: v.optional(metadataSchema),
  },
  'The body must be a JSON object with input, destination and outputs.',
);

export type JobRequest = v.InferOutput<typeof jobRequestSchema>;

export interface ParsedJobRequest {
  readonly request: JobRequest;
  readonly outputs: readonly OutputWords[];
  readonly warnings: readonly string[];
}

/** A body of 256 kB can hold so many problems that the answer which tells them all would be too long for a Lambda (6 MB). */
const MAX_PROBLEMS = 100;

/**
 * Parses the body of a create request.
 *
 * @returns the request with its defaults, its outputs in the words in which they were sent, and a sentence for each setting
 *   that has no effect
 * @throws OctetError `invalid_json`; InvalidRequestError with every problem at once, up to 100
 */
export function parseJobRequest(body: string): ParsedJobRequest {
  const value = parseJson(body);
  const parsed = v.safeParse(jobRequestSchema, value);
  const [first, ...rest] = [
    ...(parsed.issues ?? []).map(toProblem),
    ...unknownKeys(jobRequestSchema, value),
    ...problemsBetweenFields(value),
  ].slice(0, MAX_PROBLEMS);
  if (first) throw new InvalidRequestError([first, ...rest]);
  if (!parsed.success || !v.is(jobRequestSchema, value)) {
    throw new OctetError('invalid_request', 'The request is not valid.');
  }
  // What the schema's last step has seen of each output is lost to the types on the way.
  const outputs = value.outputs as readonly OutputWords[];
  return { request: parsed.output, outputs, warnings: warningsOf(parsed.output) };
}

function parseJson(body: string): unknown {
  if (body.trim() === '') {
    throw new OctetError(
      'invalid_json',
      'The body is empty; send a JSON object with input, destination and outputs.',
    );
  }
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own message quotes the body, and with it perhaps a secret.
    throw new OctetError(
      'invalid_json',
      'The body is not valid JSON; check its quotes, commas and brackets.',
    );
  }
}

function toProblem(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => key as PropertyKey);
  const isMissing = path.length > 0 && issue.received === 'undefined';
  return problemAt(path, isMissing ? 'is required' : issue.message);
}

/** Rules between fields see the fields that are valid by themselves, so that they are told along with the others. */
function problemsBetweenFields(value: unknown): Problem[] {
  const outputs = isRecord(value) && Array.isArray(value.outputs) ? value.outputs.slice(0, 20) : [];
  const valid = outputs.map(validSettings);
  const within = valid.flatMap((output, index) =>
    outputProblems(output).map(({ key, message }) => problemAt(['outputs', index, key], message)),
  );
  const duplicates = valid.flatMap(({ dest_path }, index) => {
    const earlier = valid.findIndex((other) => dest_path !== undefined && other.dest_path === dest_path);
    return earlier === -1 || earlier === index
      ? []
      : [problemAt(['outputs', index, 'dest_path'], `is the same as that of outputs[${earlier}]`)];
  });
  return [...within, ...duplicates];
}

function validSettings(output: unknown): Partial<OutputRequest> {
  if (!isRecord(output)) return {};
  const pairs = Object.entries(outputSchema.entries).flatMap(([key, schema]) => {
    const result = v.safeParse(schema, output[key]);
    return result.success ? [[key, result.output]] : [];
  });
  return Object.fromEntries(pairs);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function warningsOf({ outputs }: JobRequest): string[] {
  return outputs.flatMap((output, index) =>
    unusedRateSettings(output).map(({ key, why }) => `outputs[${index}].${key} ${why}`),
  );
}
