import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { type DescribedFile, openDescribed } from './described-file.ts';
import { S3Error } from './errors.ts';
import { isMissing } from './missing.ts';
import { type PartRecord, partRecordSchema, type UploadRecord, uploadRecordSchema } from './object-record.ts';
import type { PendingFiles } from './pending-files.ts';

/** The file in an upload's folder that tells what is uploaded. Parts are named by their number. */
const recordFile = 'upload.json';

/** Uploads in parts: a folder each, which is there until the upload is completed or aborted. */
export class Uploads {
  readonly #folder: string;
  readonly #pending: PendingFiles;

  constructor(folder: string, pending: PendingFiles) {
    this.#folder = folder;
    this.#pending = pending;
    mkdirSync(folder, { recursive: true });
  }

  /** @returns the upload's id */
  create(record: UploadRecord): string {
    const id = randomUUID();
    const aside = this.#pending.newPath();
    mkdirSync(aside);
    writeFileSync(join(aside, recordFile), JSON.stringify(record));
    renameSync(aside, this.#path(id));
    return id;
  }

  /** @throws S3Error NoSuchUpload, also when it is the upload of another object */
  get(id: string, bucket: string, key: string): UploadRecord {
    const json = ifThere(() => readFileSync(join(this.#path(id), recordFile), 'utf8'));
    const record = v.parse(uploadRecordSchema, JSON.parse(json));
    if (record.bucket !== bucket || record.key !== key) throw new S3Error('NoSuchUpload');
    return record;
  }

  /**
   * Moves the file into place; it may replace an earlier one of the same number.
   *
   * @throws S3Error NoSuchUpload
   */
  putPart(id: string, number: number, path: string): void {
    ifThere(() => renameSync(path, this.#partPath(id, number)));
  }

  /** The caller closes it. @returns undefined when there is none */
  openPart(id: string, number: number): Promise<DescribedFile<PartRecord> | undefined> {
    return openDescribed(this.#partPath(id, number), partRecordSchema);
  }

  /** @throws S3Error NoSuchUpload */
  check(id: string): void {
    if (!existsSync(this.#path(id))) throw new S3Error('NoSuchUpload');
  }

  /**
   * The upload is gone at once, and its parts when this resolves.
   *
   * @throws S3Error NoSuchUpload
   */
  async remove(id: string): Promise<void> {
    const aside = this.#pending.newPath();
    ifThere(() => renameSync(this.#path(id), aside));
    await rm(aside, { recursive: true });
  }

  #partPath(id: string, number: number): string {
    return join(this.#path(id), String(number));
  }

  /** Clients name uploads, so a name must be no path. */
  #path(id: string): string {
    if (!/^[\da-f-]{36}$/.test(id)) throw new S3Error('NoSuchUpload');
    return join(this.#folder, id);
  }
}

function ifThere<T>(access: () => T): T {
  try {
    return access();
  } catch (error) {
    if (isMissing(error)) throw new S3Error('NoSuchUpload');
    throw error;
  }
}
