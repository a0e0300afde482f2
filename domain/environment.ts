/** The environment variables of the Lambda functions, by what they hold. Each process parses its own in its env.ts. */
export const LAMBDA_ENV = {
  tableName: 'TABLE_NAME',
  jobQueue: 'JOB_QUEUE',
  jobDefinition: 'JOB_DEFINITION',
  keyId: 'KMS_KEY_ID',
  callbackQueueUrl: 'CALLBACK_QUEUE_URL',
  /** Name or ARN of the deployment's webhook secret in Secrets Manager. */
  callbackSecretId: 'CALLBACK_SECRET_ID',
  /** `true` lets inputs, endpoints and callbacks be at private and loopback addresses: for laptops and tests alone. */
  allowPrivateHosts: 'ALLOW_PRIVATE_HOSTS',
} as const;

/** The environment variables of the worker. */
export const WORKER_ENV = {
  jobId: 'OCTET_JOB_ID',
  tableName: LAMBDA_ENV.tableName,
  keyId: LAMBDA_ENV.keyId,
  allowPrivateHosts: LAMBDA_ENV.allowPrivateHosts,
  /** Folder for files that live as long as the job. */
  scratchDir: 'SCRATCH_DIR',
  ffmpegPath: 'FFMPEG_PATH',
  ffprobePath: 'FFPROBE_PATH',
} as const;
