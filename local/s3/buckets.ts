import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Bucket } from './bucket.ts';
import { S3Error } from './errors.ts';
import { checkBucketName } from './names.ts';

/** All buckets: a folder each. */
export class Buckets {
  readonly #folder: string;
  readonly #buckets = new Map<string, Bucket>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Reads what an earlier run has left. */
  async load(): Promise<void> {
    const entries = await readdir(this.#folder, { withFileTypes: true });
    for (const entry of entries) if (entry.isDirectory()) await this.create(entry.name).load();
  }

  has(name: string): boolean {
    return this.#buckets.has(name);
  }

  /** @throws S3Error NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new S3Error('NoSuchBucket');
    return bucket;
  }

  /**
   * Does nothing when it is there already.
   *
   * @throws S3Error InvalidBucketName
   */
  create(name: string): Bucket {
    checkBucketName(name);
    const bucket = this.#buckets.get(name) ?? new Bucket(join(this.#folder, name));
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
