import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Destination } from '../../domain/request/destination.ts';
import { uploadParameters } from './check-destination.ts';
import { destinationError } from './destination-errors.ts';

const MIB = 1024 * 1024;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: 10,000 parts of at least 5 MiB. */
const MOST_PARTS = 10_000;
const SMALLEST_PART = 8 * MIB;

/** Parts on their way at once. Each is held in memory. */
const PARALLEL_PARTS = 3;

export interface UploadOptions {
  readonly signal: AbortSignal;
  /** Hears how many of the file's bytes have been sent. */
  readonly onBytes?: (sent: number) => void;
}

/**
 * Uploads a file to a user's bucket.
 *
 * @returns the object's URL
 * @throws OctetError `destination_denied` or `destination_unreachable`; the signal's reason
 */
export async function uploadFile(
  client: S3Client,
  destination: Destination,
  key: string,
  path: string,
  { signal, onBytes }: UploadOptions,
): Promise<string> {
  const { size } = await stat(path);
  const upload = new Upload({
    client,
    params: { ...uploadParameters(destination, key), Body: createReadStream(path) },
    partSize: Math.max(SMALLEST_PART, Math.ceil(size / MOST_PARTS)),
    queueSize: PARALLEL_PARTS,
  });
  const abort = () => void upload.abort();
  signal.addEventListener('abort', abort, { once: true });
  upload.on('httpUploadProgress', ({ loaded = 0 }) => onBytes?.(loaded));
  try {
    signal.throwIfAborted();
    const { Location } = await upload.done();
    return Location ?? `s3://${destination.bucket}/${key}`;
  } catch (error) {
    signal.throwIfAborted();
    throw destinationError(error, destination);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
