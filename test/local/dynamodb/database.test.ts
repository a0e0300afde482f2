import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from '../../../local/dynamodb/database.ts';
import { ensureTable } from '../../../local/dynamodb/tables.ts';
import { jobTable } from './job-table.ts';

it('ends every call that is under way before it closes', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'octet-dynamodb-'));
  const database = openDatabase(dataDir);
  await ensureTable(database, jobTable);
  const input = { TableName: 'jobs', Item: { pk: { S: 'job#1' }, sk: { S: 'job' } } };
  const calls = Array.from({ length: 500 }, () => database.call('PutItem', input));
  await database.close();
  await expect(Promise.all(calls)).resolves.toHaveLength(500);
  rmSync(dataDir, { recursive: true });
});
