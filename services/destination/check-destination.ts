import { PutObjectCommand, type PutObjectCommandInput, S3ServiceException } from '@aws-sdk/client-s3';
import type { Credentials, Destination } from '../../domain/request/destination.ts';
import type { ResolverOptions } from '../address-guard.ts';
import { destinationClient } from './destination-client.ts';
import { destinationError } from './destination-errors.ts';

/** The MD5 of something else than nothing, so that no store can keep what the check sends. */
const WRONG_MD5 = Buffer.alloc(16, 0xff).toString('base64');

/** The answers of a store that would have written. */
const WOULD_WRITE = new Set(['BadDigest', 'InvalidDigest', 'XAmzContentChecksumMismatch']);

export interface CheckOptions extends ResolverOptions {
  /** Milliseconds after which the destination counts as not settled. @default 4000 */
  readonly timeoutMs?: number;
}

/**
 * Finds out whether the credentials may write a key, and leaves nothing behind: S3 refuses a wrong digest only after it has
 * authorised the request and found the bucket. A store that looks at no digests, of which none is known, would
 * keep an empty object until the job's is there.
 *
 * @returns false when it could not be settled in time
 * @throws OctetError `destination_denied` or `destination_unreachable`
 */
export async function checkDestination(
  destination: Destination,
  credentials: Credentials,
  key: string,
  { timeoutMs = 4000, ...addresses }: CheckOptions,
): Promise<boolean> {
  const client = destinationClient(destination, credentials, addresses);
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    await client.send(
      new PutObjectCommand({
        ...uploadParameters(destination, key),
        Body: '',
        ContentLength: 0,
        ContentMD5: WRONG_MD5,
      }),
      { abortSignal: deadline },
    );
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && WOULD_WRITE.has(error.name)) return true;
    if (deadline.aborted) return false;
    throw destinationError(error, destination);
  } finally {
    client.destroy();
  }
}

/** What every upload to a destination says besides its body. */
export function uploadParameters(
  { bucket, acl, storage_class, cache_control }: Destination,
  key: string,
): Omit<PutObjectCommandInput, 'Body'> {
  return {
    Bucket: bucket,
    Key: key,
    ContentType: 'video/mp4',
    ...(acl !== undefined && { ACL: acl }),
    ...(storage_class !== undefined && { StorageClass: storage_class }),
    ...(cache_control !== undefined && { CacheControl: cache_control }),
  };
}
