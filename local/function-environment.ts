import { LAMBDA_ENV, WORKER_ENV } from '../domain/environment.ts';
import type { Fleet } from '../domain/plan/fleet.ts';
import { localRegion } from './arn.ts';
import type { Settings } from './data-folder.ts';
import type { FfmpegTools } from './ffmpeg.ts';
import type { LocalServer } from './http-server.ts';
import { NAMES } from './resources.ts';
import type { Stores } from './stores.ts';

/**
 * What the SDK reads by itself: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 *
 * @param endpoints URLs by the names of their services in `AWS_ENDPOINT_URL_<NAME>`
 */
function sdkEnvironment(endpoints: Readonly<Record<string, string>>): Record<string, string> {
  const urls = Object.entries(endpoints).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url]);
  return {
    ...Object.fromEntries(urls),
    AWS_REGION: localRegion,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** The environment of the Lambda functions. */
export function functionEnvironment(
  { s3, dynamodb, kms, secretsManager, sqs }: Stores,
  batch: LocalServer,
  fleet: Fleet,
): Record<string, string> {
  return {
    ...sdkEnvironment({
      BATCH: batch.url,
      DYNAMODB: dynamodb.url,
      KMS: kms.url,
      S3: s3.url,
      SECRETS_MANAGER: secretsManager.url,
      SQS: sqs.url,
    }),
    [LAMBDA_ENV.tableName]: NAMES.table,
    [LAMBDA_ENV.jobQueue]: NAMES.jobQueue,
    [LAMBDA_ENV.jobDefinition]: NAMES.jobDefinition,
    [LAMBDA_ENV.packagingQueue]: NAMES.packagingQueue,
    [LAMBDA_ENV.packagingDefinition]: NAMES.packagingDefinition,
    [LAMBDA_ENV.fleet]: JSON.stringify(fleet),
    [LAMBDA_ENV.keyId]: NAMES.key,
    [LAMBDA_ENV.callbackQueueUrl]: sqs.queueUrl(NAMES.callbackQueue),
    [LAMBDA_ENV.submissionQueueUrl]: sqs.queueUrl(NAMES.submissionQueue),
    [LAMBDA_ENV.callbackSecretId]: NAMES.callbackSecret,
    [LAMBDA_ENV.allowPrivateHosts]: 'true',
  };
}

/** The environment of the worker's container. */
export function workerEnvironment(
  { s3, dynamodb, kms }: Pick<Stores, 's3' | 'dynamodb' | 'kms'>,
  tools: FfmpegTools,
  settings: Pick<Settings, 'access_key_id' | 'secret_access_key'>,
): Record<string, string> {
  return {
    ...sdkEnvironment({ DYNAMODB: dynamodb.url, KMS: kms.url, S3: s3.url }),
    // S3 alone looks at them, where workers hand on pieces.
    AWS_ACCESS_KEY_ID: settings.access_key_id,
    AWS_SECRET_ACCESS_KEY: settings.secret_access_key,
    ...tools.environment,
    [WORKER_ENV.tableName]: NAMES.table,
    [WORKER_ENV.keyId]: NAMES.key,
    [WORKER_ENV.scratchBucket]: NAMES.scratchBucket,
    [WORKER_ENV.allowPrivateHosts]: 'true',
    [WORKER_ENV.ffmpegPath]: tools.ffmpeg,
    [WORKER_ENV.ffprobePath]: tools.ffprobe,
  };
}
