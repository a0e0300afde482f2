import { fileURLToPath } from 'node:url';
import type { DataFolder, Settings } from './data-folder.ts';
import { startDynamoDb } from './dynamodb/server.ts';
import type { LocalServer } from './http-server.ts';
import { startKms } from './kms/server.ts';
import type { KeptPorts } from './ports.ts';
import { NAMES, QUEUES, TABLE } from './resources.ts';
import { startS3Process } from './s3/start-process.ts';
import { startSecretsManager } from './secretsmanager/server.ts';
import { type LocalSqs, startSqs } from './sqs/server.ts';

/** Built beside the file that this is built into. */
const S3_FILE = fileURLToPath(new URL('s3.mjs', import.meta.url));

/** The services that keep something. */
export interface Stores {
  readonly s3: LocalServer;
  readonly dynamodb: LocalServer;
  readonly kms: LocalServer;
  readonly secretsManager: LocalServer;
  readonly sqs: LocalSqs;
}

/**
 * What functions and workers are given in the place of a service's own URL.
 *
 * @param service its name among the kept ports
 */
export type Front = (service: string, url: string) => Promise<string>;

/** A server as it is seen through what stands in front of it. */
export async function behind<Server extends LocalServer>(
  front: Front,
  service: string,
  server: Server,
): Promise<Server> {
  return { ...server, url: await front(service, server.url) };
}

/** The stores as they are seen through what stands in front of them. */
export async function storesBehind(front: Front, stores: Stores): Promise<Stores> {
  const [s3, dynamodb, kms, secretsManager, sqs] = await Promise.all([
    behind(front, 's3', stores.s3),
    behind(front, 'dynamodb', stores.dynamodb),
    behind(front, 'kms', stores.kms),
    behind(front, 'secretsmanager', stores.secretsManager),
    behind(front, 'sqs', stores.sqs),
  ]);
  // The URLs of queues begin with that of their service.
  const queueUrl = (name: string) => stores.sqs.queueUrl(name).replace(stores.sqs.url, sqs.url);
  return { s3, dynamodb, kms, secretsManager, sqs: { ...sqs, queueUrl } };
}

/** Starts the services that keep something, each in its own part of the folder. */
export async function startStores(folder: DataFolder, settings: Settings, ports: KeptPorts): Promise<Stores> {
  const {
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    webhook_secret: current,
  } = settings;
  const s3Options = {
    dataDir: folder.sub('s3'),
    credentials: { accessKeyId, secretAccessKey },
    buckets: [NAMES.bucket, NAMES.scratchBucket],
  };
  const dynamoDbOptions = { dataDir: folder.sub('dynamodb'), tables: [TABLE] };
  const kmsOptions = { dataDir: folder.sub('kms'), keyId: NAMES.key };
  const secrets = { [NAMES.callbackSecret]: { current } };
  const [s3, dynamodb, kms, secretsManager, sqs] = await Promise.all([
    ports.listen('s3', (port) => startS3Process(S3_FILE, { ...s3Options, port })),
    ports.listen('dynamodb', (port) => startDynamoDb({ ...dynamoDbOptions, port })),
    ports.listen('kms', (port) => startKms({ ...kmsOptions, port })),
    ports.listen('secretsmanager', (port) => startSecretsManager({ secrets, port })),
    ports.listen('sqs', (port) => startSqs({ queues: QUEUES, port })),
  ]);
  return { s3, dynamodb, kms, secretsManager, sqs };
}
