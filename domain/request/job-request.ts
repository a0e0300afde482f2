import * as v from 'valibot';
import { InvalidRequestError, OctetError, type Problem } from '../errors.ts';
import { unusedRateSettings } from '../rate-control.ts';
import { destinationSchema } from './destination.ts';
import { httpUrl, oneOf, webhookSecret } from './fields.ts';
import { type OutputRequest, outputSchema } from './output.ts';
import { outputProblems } from './output-rules.ts';
import { pathOf } from './path.ts';
import { unknownKeys } from './unknown-keys.ts';

const callbackObject = v.object(
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

const metadataString = (max: number) => {
  const message = `must be a string of at most ${max} characters`;
  return v.pipe(v.string(message), v.maxLength(max, message));
};

const METADATA_MESSAGE =
  'must be an object of at most 20 pairs of strings (keys to 128, values to 1024 characters)';
const metadataSchema = v.pipe(
  v.record(metadataString(128), metadataString(1024), METADATA_MESSAGE),
  v.check((pairs) => Object.keys(pairs).length <= 20, METADATA_MESSAGE),
);

/** The body of `POST /v0/jobs/create`. */
export const jobRequestSchema = v.object(
  {
    input: v.object({ url: httpUrl }, 'must be an object with url'),
    destination: destinationSchema,
    outputs: v.pipe(
      v.array(outputSchema, 'must be a list of 1 to 20 outputs'),
      v.minLength(1, 'must have at least one output'),
      v.maxLength(20, 'must have at most 20 outputs'),
    ),
    callback: v.optional(callbackSchema),
    metadata: v.optional(metadataSchema),
  },
  'The body must be a JSON object with input, destination and outputs.',
);

export type JobRequest = v.InferOutput<typeof jobRequestSchema>;

/**
 * Parses the body of a create request.
 *
 * @returns the request with its defaults, and a sentence for each setting that has no effect
 * @throws OctetError `invalid_json`; InvalidRequestError with every problem at once
 */
export function parseJobRequest(body: string): { request: JobRequest; warnings: string[] } {
  const value = parseJson(body);
  const parsed = v.safeParse(jobRequestSchema, value);
  const [first, ...rest] = [
    ...(parsed.issues ?? []).map(toProblem),
    ...unknownKeys(jobRequestSchema, value),
    ...problemsBetweenFields(value),
  ];
  if (first) throw new InvalidRequestError([first, ...rest]);
  if (!parsed.success) throw new OctetError('invalid_request', 'The request is not valid.');
  return { request: parsed.output, warnings: warningsOf(parsed.output) };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new OctetError('invalid_json', `The body is not valid JSON: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

function toProblem(issue: v.BaseIssue<unknown>): Problem {
  return {
    path: pathOf((issue.path ?? []).map(({ key }) => key as PropertyKey)),
    code: 'invalid_request',
    message: issue.path && issue.received === 'undefined' ? 'is required' : issue.message,
  };
}

/** Rules between fields see the fields that are valid by themselves, so that they are told along with the others. */
function problemsBetweenFields(value: unknown): Problem[] {
  const outputs = isRecord(value) && Array.isArray(value.outputs) ? value.outputs.slice(0, 20) : [];
  const valid = outputs.map(validSettings);
  const within = valid.flatMap((output, index) =>
    outputProblems(output).map(({ key, message }) => problem(['outputs', index, key], message)),
  );
  const duplicates = valid.flatMap(({ dest_path }, index) => {
    const earlier = valid.findIndex((other) => dest_path !== undefined && other.dest_path === dest_path);
    return earlier === -1 || earlier === index
      ? []
      : [problem(['outputs', index, 'dest_path'], `is the same as that of outputs[${earlier}]`)];
  });
  return [...within, ...duplicates];
}

function problem(path: PropertyKey[], message: string): Problem {
  return { path: pathOf(path), code: 'invalid_request', message };
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
