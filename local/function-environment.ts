import { LAMBDA_ENV, WORKER_ENV } from '../domain/environment.ts';
import { localRegion } from './arn.ts';
import type { FfmpegTools } from './ffmpeg.ts';
import { NAMES } from './resources.ts';

/** Where the services listen, by the names in which the SDK looks for them: `AWS_ENDPOINT_URL_<NAME>`. */
export type Endpoints = Readonly<
  Record<'BATCH' | 'DYNAMODB' | 'KMS' | 'S3' | 'SECRETS_MANAGER' | 'SQS', string>
>;

/** What the SDK reads by itself: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function sdkEnvironment(endpoints: Partial<Endpoints>): Record<string, string> {
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
export function functionEnvironment(endpoints: Endpoints, callbackQueueUrl: string): Record<string, string> {
  return {
    ...sdkEnvironment(endpoints),
    [LAMBDA_ENV.tableName]: NAMES.table,
    [LAMBDA_ENV.jobQueue]: NAMES.jobQueue,
    [LAMBDA_ENV.jobDefinition]: NAMES.jobDefinition,
    [LAMBDA_ENV.keyId]: NAMES.key,
    [LAMBDA_ENV.callbackQueueUrl]: callbackQueueUrl,
    [LAMBDA_ENV.callbackSecretId]: NAMES.callbackSecret,
    [LAMBDA_ENV.allowPrivateHosts]: 'true',
  };
}

/** The environment of the worker's container. */
export function workerEnvironment(
  endpoints: Pick<Endpoints, 'DYNAMODB' | 'KMS' | 'S3'>,
  tools: FfmpegTools,
  scratchDir: string,
): Record<string, string> {
  return {
    ...sdkEnvironment(endpoints),
    ...tools.environment,
    [WORKER_ENV.tableName]: NAMES.table,
    [WORKER_ENV.keyId]: NAMES.key,
    [WORKER_ENV.allowPrivateHosts]: 'true',
    [WORKER_ENV.scratchDir]: scratchDir,
    [WORKER_ENV.ffmpegPath]: tools.ffmpeg,
    [WORKER_ENV.ffprobePath]: tools.ffprobe,
  };
}
