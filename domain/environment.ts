import * as v from 'valibot';

/** The environment variables of the Lambda functions, by what they hold. Each process parses its own in its env.ts. */
export const LAMBDA_ENV = {
  tableName: 'TABLE_NAME',
  jobQueue: 'JOB_QUEUE',
  jobDefinition: 'JOB_DEFINITION',
  /** For the packaging of split jobs. */
  packagingQueue: 'PACKAGING_QUEUE',
  packagingDefinition: 'PACKAGING_DEFINITION',
  /** JSON in the words of `fleetSchema`: what plans are made for. */
  fleet: 'FLEET',
  keyId: 'KMS_KEY_ID',
  callbackQueueUrl: 'CALLBACK_QUEUE_URL',
  submissionQueueUrl: 'SUBMISSION_QUEUE_URL',
  /** For how many days jobs are kept. */
  retentionDays: 'JOB_RETENTION_DAYS',
  /** Name or ARN of the deployment's webhook secret in Secrets Manager. */
  callbackSecretId: 'CALLBACK_SECRET_ID',
  /** `true` lets inputs, endpoints and callbacks be at private and loopback addresses: for laptops and tests alone. */
  allowPrivateHosts: 'ALLOW_PRIVATE_HOSTS',
  /** JSON in the words of `inputLimitsSchema`. */
  inputLimits: 'INPUT_LIMITS',
} as const;

/** The environment variables of the worker. */
export const WORKER_ENV = {
  jobId: 'OCTET_JOB_ID',
  /** One of `WORK_STEPS`. */
  step: 'OCTET_STEP',
  /** The bucket in which workers hand on what they have encoded of a split job. */
  scratchBucket: 'SCRATCH_BUCKET',
  tableName: LAMBDA_ENV.tableName,
  keyId: LAMBDA_ENV.keyId,
  retentionDays: LAMBDA_ENV.retentionDays,
  allowPrivateHosts: LAMBDA_ENV.allowPrivateHosts,
  inputLimits: LAMBDA_ENV.inputLimits,
  /** Folder for files that live as long as the job. */
  scratchDir: 'SCRATCH_DIR',
  ffmpegPath: 'FFMPEG_PATH',
  ffprobePath: 'FFPROBE_PATH',
  /** `required` on hosts that are paid for their GPU, where a CPU must not do the work; else the best encoder that works. */
  gpu: 'GPU',
} as const;

/**
 * What a worker is to do: all of a job; one part of a split one's encoding, which its index in the array tells; or to package
 * what such workers have encoded.
 */
export const WORK_STEPS = ['whole', 'encode', 'package'] as const;

export type WorkStep = (typeof WORK_STEPS)[number];

/**
 * How Node is told to run the worker in little memory. V8 collects buffers, which lie outside of its heap, when they come to
 * half of what the heap may be; without a limit they come to 64 MiB more than are in use. Of a heap as small as that it would
 * otherwise look for garbage whenever it has grown by a third: every two seconds, which is half of what the worker does
 * beside ffmpeg. Nor need it look before the heap is as large as it will be anyhow.
 */
export const WORKER_NODE_FLAGS = [
  '--max-old-space-size=96',
  '--max-semi-space-size=1',
  '--heap-growing-percent=100',
  '--initial-heap-size=48',
];

/** A variable that holds a whole number from 1 on; undefined where it is not set. */
export const countVariable = v.optional(
  v.pipe(
    v.string(),
    v.transform(Number),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
  ),
);
