import type { Credentials, Destination } from '../../../domain/request/destination.ts';
import { Bucket, credentials } from '../../local/s3/harness.ts';

/** Those of the local S3. */
export const creds: Credentials = {
  access_key_id: credentials.accessKeyId,
  secret_access_key: credentials.secretAccessKey,
};

/** Tests have their stores on loopback. */
export const anywhere = { allowPrivateHosts: true };

/** The bucket of the local S3, or of another store. */
export function destinationAt(endpoint: string, words: Partial<Destination> = {}): Destination {
  return { provider: 's3', region: 'us-east-1', bucket: Bucket, endpoint, ...words };
}
