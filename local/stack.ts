import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SQSClient } from '@aws-sdk/client-sqs';
import { API_ROUTES } from '../domain/api-routes.ts';
import { JOB_TIMEOUT_S, RETRY_STRATEGY } from '../domain/batch/exit-codes.ts';
import { jobEndedPattern } from '../domain/batch/job-ended-event.ts';
import { WORKER_NODE_FLAGS } from '../domain/environment.ts';
import { startApiGateway } from './api-gateway/server.ts';
import { queueArn } from './batch/names.ts';
import { type BatchStateChangeEvent, startBatch } from './batch/server.ts';
import type { DataFolder, Settings } from './data-folder.ts';
import { startDynamoDb } from './dynamodb/server.ts';
import type { LocalEnvironment } from './env.ts';
import { createEventBus } from './events/bus.ts';
import type { FfmpegTools } from './ffmpeg.ts';
import { functionEnvironment, workerEnvironment } from './function-environment.ts';
import { type Functions, loadFunctions } from './functions.ts';
import { startKms } from './kms/server.ts';
import { startSqsEventSource } from './lambda/sqs-event-source.ts';
import { KeptPorts } from './ports.ts';
import { NAMES, QUEUES, TABLE } from './resources.ts';
import { startS3Process } from './s3/start-process.ts';
import { startSecretsManager } from './secretsmanager/server.ts';
import { startSqs } from './sqs/server.ts';

/** What is built beside the file that this is built into. */
const WORKER_FILE = fileURLToPath(new URL('worker.mjs', import.meta.url));
const S3_FILE = fileURLToPath(new URL('s3.mjs', import.meta.url));

export interface StackOptions {
  readonly folder: DataFolder;
  readonly environment: LocalEnvironment;
  readonly tools: FfmpegTools;
  /** Of the API. 0 is any free one. */
  readonly port: number;
}

/** Octet on one machine. */
export interface LocalStack {
  readonly api: string;
  readonly s3: string;
  readonly bucket: string;
  readonly settings: Settings;
  /** Ends everything, workers too: the next start on the same folder takes their jobs up again. */
  close(): Promise<void>;
}

/** Starts the services, the functions between them, and the API. */
export async function startStack({ folder, environment, tools, port }: StackOptions): Promise<LocalStack> {
  const settings = folder.settings();
  const ports = new KeptPorts(settings.ports);
  const scratchDir = folder.sub('scratch');
  // What workers have left that were killed together with an earlier run.
  rmSync(scratchDir, { recursive: true, force: true });

  const credentials = { accessKeyId: settings.access_key_id, secretAccessKey: settings.secret_access_key };
  const secrets = { [NAMES.callbackSecret]: { current: settings.webhook_secret } };
  const [s3, dynamodb, kms, secretsManager, sqs] = await Promise.all([
    ports.listen('s3', (at) =>
      startS3Process(S3_FILE, { dataDir: folder.sub('s3'), credentials, buckets: [NAMES.bucket], port: at }),
    ),
    ports.listen('dynamodb', (at) =>
      startDynamoDb({ dataDir: folder.sub('dynamodb'), tables: [TABLE], port: at }),
    ),
    ports.listen('kms', (at) => startKms({ dataDir: folder.sub('kms'), keyId: NAMES.key, port: at })),
    ports.listen('secretsmanager', (at) => startSecretsManager({ secrets, port: at })),
    ports.listen('sqs', (at) => startSqs({ queues: QUEUES, port: at })),
  ]);
  const workerEndpoints = { DYNAMODB: dynamodb.url, KMS: kms.url, S3: s3.url };

  let functions: Promise<Functions>;
  const publish = async (event: BatchStateChangeEvent) => {
    const { settleJob } = await functions;
    const rule = {
      name: 'job-ended',
      pattern: jobEndedPattern([queueArn(NAMES.jobQueue)]),
      target: settleJob,
    };
    await createEventBus<BatchStateChangeEvent>({ rules: [rule] }).publish(event);
  };
  const batch = await ports.listen('batch', (at) =>
    startBatch({
      dataDir: folder.sub('batch'),
      port: at,
      queues: { [NAMES.jobQueue]: { slots: environment.workers } },
      jobDefinitions: {
        [NAMES.jobDefinition]: {
          command: [process.execPath, ...WORKER_NODE_FLAGS, WORKER_FILE],
          environment: () => ({
            ...environment.inherited,
            ...workerEnvironment(workerEndpoints, tools, scratchDir),
          }),
          retryStrategy: RETRY_STRATEGY,
          timeout: { attemptDurationSeconds: JOB_TIMEOUT_S },
        },
      },
      onEvent: publish,
    }),
  );

  const endpoints = {
    ...workerEndpoints,
    BATCH: batch.url,
    SECRETS_MANAGER: secretsManager.url,
    SQS: sqs.url,
  };
  const callbackQueueUrl = sqs.queueUrl(NAMES.callbackQueue);
  functions = loadFunctions(functionEnvironment(endpoints, callbackQueueUrl));
  const { api, deliverCallback } = await functions;
  const sqsClient = new SQSClient();
  const callbacks = startSqsEventSource({
    client: sqsClient,
    queueUrl: callbackQueueUrl,
    handler: deliverCallback,
  });
  const gateway = await startApiGateway({
    routes: API_ROUTES.map((route) => ({ ...route, handler: api[route.function] })),
    apiKeys: environment.apiKeys,
    port,
  });
  folder.save({ ...settings, ports: ports.all });

  return {
    api: gateway.url,
    s3: s3.url,
    bucket: NAMES.bucket,
    settings,
    async close() {
      await gateway.close();
      await batch.close({ endWorkers: true });
      await callbacks.close();
      sqsClient.destroy();
      await Promise.all([s3, dynamodb, kms, secretsManager, sqs].map((server) => server.close()));
    },
  };
}
