import type { RequestListener } from 'node:http';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { answering, operationNamed } from '../aws-json.ts';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';
import { type Database, openDatabase } from './database.ts';
import { repairIndexes } from './indexes.ts';
import { ensureTable } from './tables.ts';

export interface LocalDynamoDbOptions {
  /** Holds the tables, and one server at a time. */
  readonly dataDir: string;
  /** @default any free port */
  readonly port?: number;
  /** With all of their indexes: those that are absent are created, those that are present are left as they are. */
  readonly tables: readonly CreateTableCommandInput[];
}

/** What dynalite can do. It has no transactions, and items do not expire. */
const operationNames = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
];

/**
 * DynamoDB on a folder: items that were written survive the end of the process, however it comes.
 *
 * @throws AwsError when a table's description is not valid
 */
export async function startDynamoDb({ dataDir, port, tables }: LocalDynamoDbOptions): Promise<LocalServer> {
  const database = openDatabase(dataDir);
  try {
    for (const table of tables) {
      await ensureTable(database, table);
      await repairIndexes(database, table);
    }
    const server = await listenOnLoopback(listenerOf(database), port);
    const close = async () => {
      await server.close();
      await database.close();
    };
    return { ...server, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function listenerOf(database: Database): RequestListener {
  const operations = Object.fromEntries(
    operationNames.map((name) => [name, (input: unknown) => database.call(name, input)]),
  );
  const service = { id: 'dynamodb', title: 'DynamoDB', operations };
  return answering('application/x-amz-json-1.0', ({ headers }) =>
    operationNamed(service, String(headers['x-amz-target']).replace('DynamoDB_20120810.', '')),
  );
}
