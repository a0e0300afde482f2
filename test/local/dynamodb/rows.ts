import { createRequire } from 'node:module';

/** A LevelDB store, as dynalite uses it. */
interface Store {
  iterator(): AsyncIterable<[key: string, value: string]>;
  clear(): Promise<void>;
  batch(operations: { type: 'put'; key: string; value: string }[]): Promise<void>;
  close(): Promise<void>;
}

const dynalite = createRequire(import.meta.url).resolve('dynalite');
const { Level } = createRequire(dynalite)('level') as { Level: new (folder: string) => Store };

/** What dynalite has written in a folder: its table, its items, and the entries of its indexes. */
export type Rows = ReadonlyMap<string, string>;

export const isEntry = (key: string) => key.startsWith('index-');

/** Reads the folder of a server that has ended. */
export async function readRows(folder: string): Promise<Rows> {
  const store = new Level(folder);
  const rows = new Map<string, string>();
  for await (const [key, value] of store.iterator()) rows.set(key, value);
  await store.close();
  return rows;
}

/** Replaces all that is in the folder of a server that has ended. */
export async function writeRows(folder: string, rows: Rows): Promise<void> {
  const store = new Level(folder);
  await store.clear();
  await store.batch([...rows].map(([key, value]) => ({ type: 'put', key, value })));
  await store.close();
}
