import { setTimeout as delay } from 'node:timers/promises';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { AwsError } from '../aws-json.ts';
import type { Database } from './database.ts';

const description = v.object({ Table: v.object({ TableStatus: v.string() }) });

/** Looks for the end of a table's creation, which takes dynalite a turn of the event loop, this often. */
const attempts = 100;

/**
 * Creates a table when it is absent. One that is there is left as it is, whatever its indexes.
 *
 * @throws Error when the table cannot be used in the end
 */
export async function ensureTable(database: Database, table: CreateTableCommandInput): Promise<void> {
  const name = table.TableName;
  if ((await statusOf(database, name)) === undefined) await database.call('CreateTable', table);
  for (let attempt = 0; attempt < attempts; attempt++) {
    if ((await statusOf(database, name)) === 'ACTIVE') return;
    await delay(10);
  }
  throw new Error(`The table ${name} was left half made: delete the folder of the local DynamoDB`);
}

/** Undefined when there is no such table. */
async function statusOf(database: Database, name: string | undefined): Promise<string | undefined> {
  try {
    const output = await database.call('DescribeTable', { TableName: name });
    return v.parse(description, output).Table.TableStatus;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
