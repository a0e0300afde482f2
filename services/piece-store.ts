import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as v from 'valibot';
import type { JobRecord } from '../domain/job/job-record.ts';
import { type PieceManifest, pieceManifestSchema } from '../domain/plan/pieces.ts';
import { putFile } from './put-file.ts';

export interface PieceStoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly job: Pick<JobRecord, 'job_id' | 'plan' | 'outputs' | 'input'>;
}

/**
 * The pieces of a split job in the scratch bucket. They are named by all that decides what is in them, so that what is there
 * need not be made again, and what was made for something else is not taken for it.
 */
export class PieceStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor({ client, bucket, job }: PieceStoreOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = `${job.job_id}/${hashOf(job)}`;
  }

  /** What is said of a span; undefined while its pieces are not all there. */
  async find(span: number): Promise<PieceManifest | undefined> {
    try {
      const { Body } = await this.#get(this.#manifestKey(span));
      return v.parse(v.pipe(v.string(), v.parseJson(), pieceManifestSchema), await Body?.transformToString());
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** Puts a span's pieces, one for each output, and then what is said of them: it is there when they are. */
  async put(
    span: number,
    manifest: PieceManifest,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const [output, path] of paths.entries()) {
      const object = { Bucket: this.#bucket, Key: this.#pieceKey(span, output) };
      await putFile(this.#client, object, path, { signal });
    }
    const body = JSON.stringify(manifest);
    const command = new PutObjectCommand({ Bucket: this.#bucket, Key: this.#manifestKey(span), Body: body });
    await this.#client.send(command, { abortSignal: signal });
  }

  /** Writes a piece to a file. */
  async fetch(span: number, output: number, path: string, signal: AbortSignal): Promise<void> {
    const { Body } = await this.#get(this.#pieceKey(span, output), signal);
    await pipeline(Body as Readable, createWriteStream(path), { signal });
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

  #get(key: string, abortSignal?: AbortSignal) {
    return this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }), { abortSignal });
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
