import type { AttributeValue, CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import type { Database } from './database.ts';

type Item = Readonly<Record<string, AttributeValue>>;

const itemSchema = v.custom<Item>((input) => typeof input === 'object' && input !== null);

const pageSchema = v.object({ Items: v.array(itemSchema), LastEvaluatedKey: v.optional(itemSchema) });

const foundSchema = v.object({ Item: v.optional(itemSchema) });

/**
 * Brings the indexes of a table in line with its items. dynalite writes them one after the other, first the indexes: a process
 * that was killed in between has left an item that no index finds any more, or an entry of a write that did not come to be.
 */
export async function repairIndexes(database: Database, table: CreateTableCommandInput): Promise<void> {
  const { TableName, KeySchema = [], GlobalSecondaryIndexes = [] } = table;
  const keyOf = (item: Item) => part(item, namesOf(KeySchema));
  for (const { IndexName, KeySchema: keys = [] } of GlobalSecondaryIndexes) {
    const names = namesOf(keys);
    // By what an index finds an item by: its own keys and the table's.
    const rowOf = (item: Item) => JSON.stringify([part(item, names), keyOf(item)]);
    const [items, entries] = await Promise.all([
      scan(database, { TableName }),
      scan(database, { TableName, IndexName }),
    ]);
    const wanted = new Map(items.filter(hasAll(names)).map((item) => [rowOf(item), item]));
    const found = new Map(entries.map((entry) => [rowOf(entry), entry]));
    for (const [row, entry] of found) if (!wanted.has(row)) await removeEntry(entry, names);
    for (const [row, Item] of wanted)
      if (!found.has(row)) await database.call('PutItem', { TableName, Item });
  }

  /** An entry goes with the item that it is of: so there is one for a moment, and then again the one that is stored. */
  async function removeEntry(entry: Item, names: readonly string[]): Promise<void> {
    const Key = keyOf(entry);
    const { Item } = v.parse(foundSchema, await database.call('GetItem', { TableName, Key }));
    await database.call('PutItem', { TableName, Item: { ...(Item ?? entry), ...part(entry, names) } });
    if (Item === undefined) await database.call('DeleteItem', { TableName, Key });
    else await database.call('PutItem', { TableName, Item });
  }
}

function namesOf(schema: NonNullable<CreateTableCommandInput['KeySchema']>): string[] {
  return schema.map(({ AttributeName = '' }) => AttributeName);
}

function part(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

function hasAll(names: readonly string[]): (item: Item) => boolean {
  return (item) => names.every((name) => item[name] !== undefined);
}

async function scan(database: Database, input: object): Promise<Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = v.parse(pageSchema, await database.call('Scan', { ...input, ExclusiveStartKey: from }));
    items.push(...page.Items);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}
