import * as v from 'valibot';

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html; what is not here is not implemented. */

const jobName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][\w-]{0,127}$/,
    'must be 1 to 128 letters, digits, - or _, and start with a letter or digit',
  ),
);

function between(low: number, high: number, unit: string) {
  const text = `must be ${low} to ${high} ${unit}`;
  return v.pipe(v.number(), v.integer(text), v.minValue(low, text), v.maxValue(high, text));
}

const condition = v.optional(v.pipe(v.string(), v.maxLength(512, 'must be at most 512 characters')));
const retryAction = v.pipe(
  v.string(),
  v.toUpperCase(),
  v.picklist(['RETRY', 'EXIT'], 'must be RETRY or EXIT'),
);

export const retryStrategySchema = v.strictObject({
  attempts: v.optional(between(1, 10, 'attempts')),
  evaluateOnExit: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          onStatusReason: condition,
          onReason: condition,
          onExitCode: condition,
          action: retryAction,
        }),
      ),
      v.maxLength(5, 'must have at most 5 entries'),
    ),
    [],
  ),
});

const environment = v.array(
  v.strictObject({
    name: v.pipe(
      v.string(),
      v.minLength(1),
      v.check((name) => !name.startsWith('AWS_BATCH'), 'must not start with AWS_BATCH, which is reserved'),
    ),
    value: v.string(),
  }),
);

const containerOverrides = v.pipe(
  v.strictObject({
    environment: v.optional(environment),
    command: v.optional(v.array(v.string())),
    resourceRequirements: v.optional(
      v.array(v.strictObject({ type: v.picklist(['GPU', 'VCPU', 'MEMORY']), value: v.string() })),
    ),
  }),
  v.check((overrides) => JSON.stringify(overrides).length <= 8192, 'must be at most 8192 characters of JSON'),
);

const dependency = v.strictObject({
  jobId: v.optional(v.string()),
  type: v.optional(v.picklist(['N_TO_N', 'SEQUENTIAL'])),
});

const texts = v.record(v.string(), v.string());

export const submitJobSchema = v.strictObject({
  jobName,
  jobQueue: v.string(),
  jobDefinition: v.string(),
  arrayProperties: v.optional(v.strictObject({ size: v.optional(between(2, 10_000, 'children')) }), {}),
  dependsOn: v.optional(v.pipe(v.array(dependency), v.maxLength(20, 'must have at most 20 entries')), []),
  containerOverrides: v.optional(containerOverrides, {}),
  retryStrategy: v.optional(retryStrategySchema),
  timeout: v.optional(v.strictObject({ attemptDurationSeconds: v.pipe(v.number(), v.integer()) })),
  parameters: v.optional(texts, {}),
  tags: v.optional(texts, {}),
  propagateTags: v.optional(v.boolean()),
  shareIdentifier: v.optional(v.string()),
  schedulingPriorityOverride: v.optional(between(0, 9999, 'of priority')),
});

export type SubmitJobInput = v.InferOutput<typeof submitJobSchema>;
