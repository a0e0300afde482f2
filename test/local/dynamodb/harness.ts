import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach } from 'vitest';
import { startDynamoDb } from '../../../local/dynamodb/server.ts';
import type { LocalServer } from '../../../local/http-server.ts';
import { jobTable } from './job-table.ts';

export const table = { TableName: 'jobs' };
export const job = { pk: 'job#1', sk: 'job', state: 'created' };

/** What one test has. */
export interface Harness {
  readonly dataDir: string;
  server: LocalServer;
  client: DynamoDBClient;
  documents: DynamoDBDocumentClient;
}

/** A server and its clients before each test. */
export function useDynamoDb(): Harness {
  const harness = {} as { -readonly [key in keyof Harness]: Harness[key] };
  beforeEach(async () => {
    harness.dataDir = mkdtempSync(join(tmpdir(), 'octet-dynamodb-'));
    await start(harness);
  });
  afterEach(async () => {
    await stop(harness);
    rmSync(harness.dataDir, { recursive: true });
  });
  return harness;
}

/** Starts a server on the test's folder; also the second one, after a restart. */
export async function start(harness: Harness): Promise<void> {
  harness.server = await startDynamoDb({ dataDir: harness.dataDir, tables: [jobTable] });
  Object.assign(harness, clientsOf(harness.server.url));
}

export async function stop(harness: Harness): Promise<void> {
  harness.client.destroy();
  await harness.server.close();
}

export function clientsOf(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  return { client, documents: DynamoDBDocumentClient.from(client) };
}

export async function put({ documents }: Pick<Harness, 'documents'>, item: object): Promise<void> {
  await documents.send(new PutCommand({ ...table, Item: { ...item } }));
}

export async function getJob({ documents }: Harness) {
  const { pk, sk } = job;
  return (await documents.send(new GetCommand({ ...table, Key: { pk, sk } }))).Item;
}
