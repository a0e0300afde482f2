import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { startDynamoDb } from '../../local/dynamodb/server.ts';
import type { LocalServer } from '../../local/http-server.ts';
import { TABLE } from '../../local/resources.ts';
import { JobFinder } from '../../services/job-store/job-finder.ts';
import { JobStore } from '../../services/job-store/job-store.ts';

export const tableName = String(TABLE.TableName);

/** What a file's tests have in common. Each test has jobs of its own. */
export interface JobStoreHarness {
  readonly server: LocalServer;
  readonly client: DynamoDBClient;
  readonly jobs: JobStore;
  readonly finder: JobFinder;
  /** Everything that is stored under a job's id, in the order of the sort key. */
  itemsOf(jobId: string): Promise<Record<string, unknown>[]>;
  put(item: object): Promise<void>;
}

/** A table and a store for all tests of a file. */
export function useJobStore(): JobStoreHarness {
  const harness = {} as { -readonly [key in keyof JobStoreHarness]: JobStoreHarness[key] };
  const dataDir = mkdtempSync(join(tmpdir(), 'octet-job-store-'));
  beforeAll(async () => {
    harness.server = await startDynamoDb({ dataDir, tables: [TABLE] });
    harness.client = dynamoDbClient(harness.server.url);
    harness.jobs = new JobStore({ client: harness.client, tableName });
    harness.finder = new JobFinder({ client: harness.client, tableName });
    const documents = DynamoDBDocumentClient.from(harness.client);
    harness.itemsOf = async (jobId) => {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `job#${jobId}` },
      };
      return (await documents.send(new QueryCommand({ TableName: tableName, ...query }))).Items ?? [];
    };
    harness.put = async (item) => {
      await documents.send(new PutCommand({ TableName: tableName, Item: { ...item } }));
    };
  });
  afterAll(async () => {
    harness.client?.destroy();
    await harness.server?.close();
    rmSync(dataDir, { recursive: true });
  });
  return harness;
}

export function dynamoDbClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}
