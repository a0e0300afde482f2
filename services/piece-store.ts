import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import {
  DeleteObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import * as v from 'valibot';
import type { JobRecord } from '../domain/job/job-record.ts';
import { type PieceLayout, type PieceManifest, pieceManifestSchema } from '../domain/plan/pieces.ts';
import { exponentialBackoff, type RetryPolicy } from './backoff.ts';
import { putFile } from './put-file.ts';
import { openObject, PieceStoreError, StoredPiece } from './stored-piece.ts';

export interface PieceStoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly job: Pick<JobRecord, 'job_id' | 'plan' | 'outputs' | 'input'>;
  /** Tries of a read that bring nothing at all. @default 4, over about a second */
  readonly retry?: RetryPolicy;
}

/** A piece that was encoded. */
export interface PieceFile {
  readonly path: string;
  readonly layout: PieceLayout;
}

/**
 * The pieces of a split job in the scratch bucket. They are named by all that decides what is in them, so that what is there
 * need not be made again, and what was made for something else is not taken for it.
 */
export class PieceStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #retry: RetryPolicy;

  constructor({ client, bucket, job, retry = exponentialBackoff({ attempts: 4 }) }: PieceStoreOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#retry = retry;
    this.#prefix = `${job.job_id}/${hashOf(job)}`;
  }

  /**
   * What is said of a span; undefined while its pieces are not all there.
   *
   * @throws what S3 answers; PieceStoreError when it hangs up; when the signal is aborted, its reason or an AbortError
   */
  async find(span: number, signal: AbortSignal): Promise<PieceManifest | undefined> {
    const text = await this.#textOf(this.#manifestKey(span), signal);
    return text === undefined
      ? undefined
      : v.parse(v.pipe(v.string(), v.parseJson(), pieceManifestSchema), text);
  }

  /** Puts a span's pieces, one for each output, and then what is said of them: it is there when they are. */
  async put(
    span: number,
    manifest: Omit<PieceManifest, 'pieces'>,
    files: readonly PieceFile[],
    signal: AbortSignal,
  ): Promise<void> {
    const pieces: PieceManifest['pieces'] = [];
    for (const [output, { path, layout }] of files.entries()) {
      const object = { Bucket: this.#bucket, Key: this.#pieceKey(span, output) };
      pieces.push({ ...layout, etag: await putFile(this.#client, object, path, { signal }) });
    }
    const body = JSON.stringify({ ...manifest, pieces } satisfies PieceManifest);
    const command = new PutObjectCommand({ Bucket: this.#bucket, Key: this.#manifestKey(span), Body: body });
    await this.#client.send(command, { abortSignal: signal });
  }

  /** A piece, to be read. @param etag that it has if it is the one that was described */
  piece(span: number, output: number, etag?: string): StoredPiece {
    const object = { Bucket: this.#bucket, Key: this.#pieceKey(span, output), IfMatch: etag };
    return new StoredPiece({ client: this.#client, object, retry: this.#retry });
  }

  /** Removes all pieces of so many spans and outputs. What is left is removed by the bucket, within a day. */
  async remove(spans: number, outputs: number): Promise<void> {
    for (let span = 0; span < spans; span++) {
      const pieces = Array.from({ length: outputs }, (_, output) => this.#pieceKey(span, output));
      const keys = [this.#manifestKey(span), ...pieces];
      await Promise.all(
        keys.map((Key) => this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key }))),
      );
    }
  }

  async #textOf(Key: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await text(await openObject(this.#client, { Bucket: this.#bucket, Key }, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NoSuchKey) return undefined;
      if (error instanceof S3ServiceException) throw error;
      throw new PieceStoreError('What is said of a span could not be read.', { cause: error });
    }
  }

  #manifestKey(span: number): string {
    return `${this.#prefix}/${span}/manifest.json`;
  }

  #pieceKey(span: number, output: number): string {
    return `${this.#prefix}/${span}/${output}.mp4`;
  }
}

function hashOf({ plan, outputs, input }: PieceStoreOptions['job']): string {
  return createHash('sha256')
    .update(JSON.stringify([plan, outputs, input?.etag]))
    .digest('hex')
    .slice(0, 16);
}
