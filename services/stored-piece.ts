import { addAbortSignal, type Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import type { RetryPolicy } from './backoff.ts';

/** The store of pieces hung up, and did so again and again. */
export class PieceStoreError extends Error {
  override readonly name = 'PieceStoreError';
}

/** Opens an object. Its body ends with the signal too, which the SDK does not promise. */
export async function openObject(
  client: S3Client,
  object: GetObjectCommandInput,
  abortSignal: AbortSignal,
): Promise<Readable> {
  const { Body } = await client.send(new GetObjectCommand(object), { abortSignal });
  return addAbortSignal(abortSignal, Body as Readable);
}

export interface StoredPieceOptions {
  readonly client: S3Client;
  readonly object: {
    readonly Bucket: string;
    readonly Key: string;
    /** Any other version of it is refused. */
    readonly IfMatch?: string | undefined;
  };
  /** Tries that bring nothing at all. */
  readonly retry: RetryPolicy;
}

/** A piece in the scratch bucket. */
export class StoredPiece {
  readonly #options: StoredPieceOptions;

  constructor(options: StoredPieceOptions) {
    this.#options = options;
  }

  /**
   * Reads from `start` up to `end` and without it, and goes on where it stopped when the connection breaks.
   *
   * @throws PieceStoreError; what S3 answers, `PreconditionFailed` for another version among others; when the signal is
   *   aborted, its reason or an AbortError
   */
  async *read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { client, object, retry } = this.#options;
    let failures = 0;
    for (let at = start; at < end; ) {
      const before = at;
      const body = await openObject(client, { ...object, Range: `bytes=${at}-${end - 1}` }, signal);
      try {
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          const piece = chunk.subarray(0, end - at);
          at += piece.length;
          yield piece;
        }
        if (at === before) throw new Error('The answer holds no bytes.');
      } catch (cause) {
        signal.throwIfAborted();
        failures = at > before ? 1 : failures + 1;
        if (failures >= retry.attempts) throw new PieceStoreError('A piece could not be read.', { cause });
        await retry.wait(failures, signal);
      }
    }
  }
}
