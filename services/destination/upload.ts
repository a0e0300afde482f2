import { open } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Destination } from '../../domain/request/destination.ts';
import { uploadParameters } from './check-destination.ts';
import { destinationError } from './destination-errors.ts';
import { watchObjectUrl } from './object-url.ts';

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

/** Bytes of each part of a file but its last, so that they are few enough. */
export function partSizeOf(fileSize: number): number {
  return Math.max(SMALLEST_PART, Math.ceil(fileSize / MOST_PARTS));
}

/**
 * Uploads a file to a user's bucket. One that fails or is aborted leaves nothing there, unless the store cannot be reached.
 *
 * @returns the object's URL
 * @throws OctetError `destination_denied` or `destination_unreachable`; the signal's reason; what reading the file throws
 */
export async function uploadFile(
  client: S3Client,
  destination: Destination,
  key: string,
  path: string,
  { signal, onBytes }: UploadOptions,
): Promise<string> {
  signal.throwIfAborted();
  const file = await open(path);
  const { size } = await file.stat();
  // It closes the file, however it ends.
  const body = file.createReadStream();
  const objectUrl = watchObjectUrl(client);
  const upload = new Upload({
    client,
    params: { ...uploadParameters(destination, key), Body: body, ContentLength: size },
    partSize: partSizeOf(size),
    queueSize: PARALLEL_PARTS,
  });
  // Unlike upload.abort(), this lets the parts on their way end first, so that they are removed with the others.
  const abort = () => body.destroy();
  signal.addEventListener('abort', abort, { once: true });
  upload.on('httpUploadProgress', ({ loaded = 0 }) => onBytes?.(loaded));
  try {
    await upload.done();
    return objectUrl();
  } catch (error) {
    signal.throwIfAborted();
    throw body.errored ?? destinationError(error, destination);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
