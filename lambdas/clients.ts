import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AWS_CLIENT_LIMITS } from '../services/aws-client-limits.ts';
import { JobQueue } from '../services/batch.ts';
import { WebhookSecrets } from '../services/callbacks/webhook-secrets.ts';
import { JobMessageQueue } from '../services/job-message-queue.ts';
import { IdempotencyStore } from '../services/job-store/idempotency-store.ts';
import { JobFinder } from '../services/job-store/job-finder.ts';
import { JobStore } from '../services/job-store/job-store.ts';
import { SecretBox } from '../services/secrets/secret-box.ts';
import { env } from './env.ts';

/** The services behind the functions, each set up from the environment of the function that uses it. */

export function jobStore(): JobStore {
  return new JobStore({
    client: new DynamoDBClient(AWS_CLIENT_LIMITS),
    tableName: env('tableName'),
    retentionDays: env('retentionDays'),
  });
}

export function jobFinder(): JobFinder {
  return new JobFinder({ client: new DynamoDBClient(AWS_CLIENT_LIMITS), tableName: env('tableName') });
}

export function idempotencyStore(): IdempotencyStore {
  return new IdempotencyStore({ client: new DynamoDBClient(AWS_CLIENT_LIMITS), tableName: env('tableName') });
}

export function jobQueue(): JobQueue {
  return new JobQueue({
    client: new BatchClient(AWS_CLIENT_LIMITS),
    encoding: { queue: env('jobQueue'), definition: env('jobDefinition') },
    packaging: { queue: env('packagingQueue'), definition: env('packagingDefinition') },
  });
}

export function secretBox(): SecretBox {
  return new SecretBox({ client: new KMSClient(AWS_CLIENT_LIMITS), keyId: env('keyId') });
}

export function callbackQueue(): JobMessageQueue {
  return new JobMessageQueue({ client: new SQSClient(AWS_CLIENT_LIMITS), queueUrl: env('callbackQueueUrl') });
}

export function submissionQueue(): JobMessageQueue {
  return new JobMessageQueue({
    client: new SQSClient(AWS_CLIENT_LIMITS),
    queueUrl: env('submissionQueueUrl'),
  });
}

export function webhookSecrets(): WebhookSecrets {
  return new WebhookSecrets({
    client: new SecretsManagerClient(AWS_CLIENT_LIMITS),
    secretId: env('callbackSecretId'),
  });
}
