import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { getJob, job, put, start, stop, table, useDynamoDb } from './harness.ts';
import { isEntry, type Rows, readRows, writeRows } from './rows.ts';

const harness = useDynamoDb();

/** The items that an index finds by the value of its key. */
async function find(index: 'tenant' | 'attention', value: string): Promise<string[]> {
  const { Items = [] } = await harness.documents.send(
    new QueryCommand({
      ...table,
      IndexName: `by_${index}`,
      KeyConditionExpression: `${index} = :value`,
      ExpressionAttributeValues: { ':value': value },
    }),
  );
  return Items.map(({ pk }) => pk);
}

const all = async () => [
  await find('tenant', 'alice'),
  await find('attention', 'before'),
  await find('attention', 'after'),
];

/** Ends the server, has something done to what it wrote, and starts it again. */
async function restart(change: (rows: Rows) => Rows = (rows) => rows): Promise<Rows> {
  await stop(harness);
  const rows = change(await readRows(harness.dataDir));
  await writeRows(harness.dataDir, rows);
  await start(harness);
  return rows;
}

const parts = (rows: Rows, isWanted: (key: string) => boolean) => [...rows].filter(([key]) => isWanted(key));

/** Entries of indexes out of some rows, all else out of others. */
const mixed = (entries: Rows, items: Rows): Rows =>
  new Map([...parts(entries, isEntry), ...parts(items, (key) => !isEntry(key))]);

const stored = { ...job, tenant: 'alice', created_at: '1', attention: 'before' };

it('an item is found again that lost its entries to a write which was cut off by a kill', async () => {
  await put(harness, stored);
  await restart((rows) => mixed(new Map(), rows));
  expect(await getJob(harness)).toEqual(stored);
  expect(await all()).toEqual([[job.pk], [job.pk], []]);
});

it('an item is found by what it is, and not by what a write would have made of it that a kill cut off', async () => {
  await put(harness, stored);
  const before = await restart();
  await put(harness, { ...stored, attention: 'after' });
  await restart((after) => mixed(after, before));
  expect(await getJob(harness)).toEqual(stored);
  expect(await all()).toEqual([[job.pk], [job.pk], []]);
});

it('an item that was never written is not found', async () => {
  const before = await restart();
  await put(harness, stored);
  await restart((after) => mixed(after, before));
  expect(await getJob(harness)).toBeUndefined();
  expect(await all()).toEqual([[], [], []]);
});

it('an item that was about to be removed is found while it is there', async () => {
  await put(harness, stored);
  await restart((rows) => new Map(parts(rows, (key) => !key.includes('by_attention'))));
  expect(await all()).toEqual([[job.pk], [job.pk], []]);
});
