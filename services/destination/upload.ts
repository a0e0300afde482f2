import type { S3Client } from '@aws-sdk/client-s3';
import type { Destination } from '../../domain/request/destination.ts';
import { type PutFileOptions, putFile } from '../put-file.ts';
import { uploadParameters } from './check-destination.ts';
import { destinationError } from './destination-errors.ts';
import { watchObjectUrl } from './object-url.ts';

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
  options: Omit<PutFileOptions, 'explain'>,
): Promise<string> {
  const objectUrl = watchObjectUrl(client);
  const explain = (error: unknown) => destinationError(error, destination);
  await putFile(client, uploadParameters(destination, key), path, { ...options, explain });
  return objectUrl();
}
