import { S3ServiceException } from '@aws-sdk/client-s3';
import { type ErrorCode, OctetError } from '../../domain/errors.ts';
import type { Destination } from '../../domain/request/destination.ts';
import { ForbiddenAddressError } from '../address-guard.ts';

/** What S3's refusals mean to the owner of the bucket: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const REFUSALS: Readonly<Record<string, (bucket: string) => string>> = {
  InvalidAccessKeyId: () => 'The access key id is not known; check destination.creds.access_key_id.',
  SignatureDoesNotMatch: () =>
    'The secret access key does not belong to the access key id; check destination.creds.secret_access_key.',
  ExpiredToken: () => 'The session token has expired; send new credentials in destination.creds.',
  InvalidToken: () => 'The session token is not valid; check destination.creds.session_token.',
  TokenRefreshRequired: () => 'The session token has expired; send new credentials in destination.creds.',
  AccessDenied: (bucket) =>
    `The credentials may not write to the bucket ${bucket}; allow them s3:PutObject on the keys of dest_path.`,
  AllAccessDisabled: (bucket) => `Access to the bucket ${bucket} is disabled; use another bucket.`,
  NoSuchBucket: (bucket) => `There is no bucket ${bucket}; check destination.bucket, or create it.`,
  PermanentRedirect: (bucket) => `The bucket ${bucket} is in another region; set destination.region to it.`,
  AuthorizationHeaderMalformed: (bucket) =>
    `The bucket ${bucket} is in another region; set destination.region to it.`,
  AccessControlListNotSupported: (bucket) => `The bucket ${bucket} takes no ACLs; leave destination.acl out.`,
  InvalidStorageClass: () => 'The store does not know destination.storage_class; leave it out.',
  RequestTimeTooSkewed: () => 'The store refuses the time of the request; check its clock.',
};

/** Refusals that pass by themselves, although their status blames the request. */
const PASSING = new Set(['RequestTimeout', 'OperationAborted']);

/**
 * The error for a failed call to a user's bucket: `destination_denied` for what the user has to change,
 * `destination_unreachable` for what may pass.
 */
export function destinationError(error: unknown, { bucket }: Destination): OctetError {
  if (error instanceof S3ServiceException) {
    const refusal = REFUSALS[error.name]?.(bucket);
    if (refusal !== undefined) return made('destination_denied', refusal, error);
    if (isToBlame(error)) {
      return made('destination_denied', `The bucket ${bucket} refuses the upload: ${error.name}.`, error);
    }
  }
  if (error instanceof ForbiddenAddressError) return made('destination_denied', error.message, error);
  const message = `The bucket ${bucket} could not be reached; check destination.region and endpoint, or try again.`;
  return made('destination_unreachable', message, error);
}

/** Whether a refusal stays the same until the user changes something. */
function isToBlame({ name, $metadata: { httpStatusCode: status = 0 } }: S3ServiceException): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429 && !PASSING.has(name);
}

function made(code: ErrorCode, message: string, cause: unknown): OctetError {
  return new OctetError(code, message, { cause });
}
