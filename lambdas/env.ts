import * as v from 'valibot';
import { countVariable, LAMBDA_ENV } from '../domain/environment.ts';
import { inputLimitsSchema } from '../domain/media/input-limits.ts';
import { fleetSchema } from '../domain/plan/fleet.ts';

const text = v.pipe(v.string(), v.minLength(1));

/** What a function may read from its environment. Each function parses what it needs, and fails at start without it. */
const VARIABLES = {
  tableName: text,
  jobQueue: text,
  jobDefinition: text,
  packagingQueue: text,
  packagingDefinition: text,
  fleet: v.pipe(v.string('is not set'), v.parseJson(), fleetSchema),
  keyId: text,
  callbackQueueUrl: text,
  submissionQueueUrl: text,
  callbackSecretId: text,
  inputLimits: v.pipe(v.optional(v.string(), '{}'), v.parseJson(), inputLimitsSchema),
  retentionDays: countVariable,
  allowPrivateHosts: v.pipe(
    v.optional(v.picklist(['true', 'false']), 'false'),
    v.transform((word) => word === 'true'),
  ),
} as const;

type Variables = { [K in keyof typeof VARIABLES]: v.InferOutput<(typeof VARIABLES)[K]> };

/**
 * Reads one variable of the environment.
 *
 * @throws Error that names the variable when it is missing or not valid
 */
export function env<K extends keyof Variables>(name: K): Variables[K] {
  const variable = LAMBDA_ENV[name];
  const result = v.safeParse(VARIABLES[name], process.env[variable]);
  if (!result.success) throw new Error(`The environment variable ${variable} ${result.issues[0].message}.`);
  return result.output as Variables[K];
}
