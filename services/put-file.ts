import { open } from 'node:fs/promises';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { READ_BYTES } from './read-bytes.ts';

const MIB = 1024 * 1024;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: 10,000 parts of at least 5 MiB. */
const MOST_PARTS = 10_000;
const SMALLEST_PART = 8 * MIB;

/** Parts on their way at once. Each is held in memory. */
const PARALLEL_PARTS = 3;

/**
 * How often a client that puts files had better send each request, with pauses of some 45 s in all: a store that is busy for a
 * while must not cost what took hours to encode.
 */
export const PUT_ATTEMPTS = 12;

/**
 * For clients that put files. With `Expect: 100-continue`, the SDK sends each part over a new connection, which its handler makes
 * without the lookup function that guards addresses, and waits some seconds for a store that does not answer that.
 */
export const ONE_CONNECTION_POOL = { expectContinueHeader: false } as const;

export interface PutFileOptions {
  readonly signal: AbortSignal;
  /** Hears how many of the file's bytes have been sent. */
  readonly onBytes?: ((sent: number) => void) | undefined;
  /** Makes of the store's error what is thrown. @default the error itself */
  readonly explain?: (error: unknown) => unknown;
}

/** Bytes of each part of a file but its last, so that they are few enough. */
export function partSizeOf(fileSize: number): number {
  return Math.max(SMALLEST_PART, Math.ceil(fileSize / MOST_PARTS));
}

/**
 * Puts a file into a bucket. One that fails or is aborted leaves nothing there, unless the store cannot be reached.
 *
 * @param client with `ONE_CONNECTION_POOL`
 * @returns the object's entity tag
 * @throws what is made of the store's error; the signal's reason; what reading the file throws
 */
export async function putFile(
  client: S3Client,
  object: PutObjectCommandInput,
  path: string,
  { signal, onBytes, explain = (error) => error }: PutFileOptions,
): Promise<string | undefined> {
  signal.throwIfAborted();
  const file = await open(path);
  const { size } = await file.stat();
  // It closes the file, however it ends.
  const body = file.createReadStream({ highWaterMark: READ_BYTES });
  const upload = new Upload({
    client,
    params: { ...object, Body: body, ContentLength: size },
    partSize: partSizeOf(size),
    queueSize: PARALLEL_PARTS,
  });
  // Unlike upload.abort(), this lets the parts on their way end first, so that they are removed with the others.
  const abort = () => body.destroy();
  signal.addEventListener('abort', abort, { once: true });
  upload.on('httpUploadProgress', ({ loaded = 0 }) => onBytes?.(loaded));
  try {
    const { ETag } = await upload.done();
    return ETag;
  } catch (error) {
    signal.throwIfAborted();
    throw body.errored ?? explain(error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
