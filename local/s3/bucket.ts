import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DescribedFile, openDescribed } from './described-file.ts';
import { S3Error } from './errors.ts';
import { compareKeys } from './names.ts';
import { type ObjectRecord, type ObjectSummary, objectRecordSchema, summaryOf } from './object-record.ts';

/**
 * A folder with one file an object, named by the hash of its key. What listings show is kept in memory; it changes in
 * the same turn of the event loop as the file does, so that the two agree whatever the order of writers.
 */
export class Bucket {
  readonly #folder: string;
  readonly #objects = new Map<string, ObjectSummary>();
  /** @default to be sorted anew */
  #sorted: readonly ObjectSummary[] | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Reads what an earlier run has left. A file that cannot be read is reported and left alone. */
  async load(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      try {
        const file = await openDescribed(join(this.#folder, name), objectRecordSchema);
        await file?.handle.close();
        if (file !== undefined) this.#show(file.description, file.size);
      } catch (error) {
        console.error(`s3: the object file ${name} cannot be read: ${String(error)}`);
      }
    }
  }

  /** In the order of listings. */
  list(): readonly ObjectSummary[] {
    this.#sorted ??= [...this.#objects.values()].sort((a, b) => compareKeys(a.key, b.key));
    return this.#sorted;
  }

  /**
   * The caller closes the file.
   *
   * @throws S3Error NoSuchKey
   */
  async open(key: string): Promise<DescribedFile<ObjectRecord>> {
    const file = await openDescribed(this.#path(key), objectRecordSchema);
    if (file === undefined) throw new S3Error('NoSuchKey');
    return file;
  }

  /** Moves the file into place. Who reads the object that it replaces reads on. */
  put(path: string, record: ObjectRecord, size: number): void {
    renameSync(path, this.#path(record.key));
    this.#show(record, size);
  }

  /** Does nothing when there is no such object. */
  remove(key: string): void {
    rmSync(this.#path(key), { force: true });
    this.#objects.delete(key);
    this.#sorted = undefined;
  }

  #show(record: ObjectRecord, size: number): void {
    this.#objects.set(record.key, summaryOf(record, size));
    this.#sorted = undefined;
  }

  #path(key: string): string {
    return join(this.#folder, createHash('sha256').update(key).digest('hex'));
  }
}
