import { S3ServiceException } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import type { ErrorCode } from '../../../domain/errors.ts';
import { destinationError } from '../../../services/destination/destination-errors.ts';
import { destinationAt } from './destinations.ts';

const destination = destinationAt('https://store.example');
const unreachable =
  'The bucket videos could not be reached; check destination.region and endpoint, or try again.';

function refused(name: string, httpStatusCode?: number): S3ServiceException {
  return new S3ServiceException({ name, message: 'secret', $fault: 'client', $metadata: { httpStatusCode } });
}

it.each<[string, number, RegExp]>([
  ['InvalidAccessKeyId', 403, /check destination\.creds\.access_key_id/],
  ['SignatureDoesNotMatch', 403, /check destination\.creds\.secret_access_key/],
  ['ExpiredToken', 400, /send new credentials/],
  ['TokenRefreshRequired', 400, /send new credentials/],
  ['InvalidToken', 400, /check destination\.creds\.session_token/],
  ['AccessDenied', 403, /allow them s3:PutObject/],
  ['AllAccessDisabled', 403, /videos is disabled; use another bucket/],
  ['NoSuchBucket', 404, /no bucket videos; check destination\.bucket/],
  ['PermanentRedirect', 301, /set destination\.region/],
  ['AuthorizationHeaderMalformed', 400, /set destination\.region/],
  ['AccessControlListNotSupported', 400, /leave destination\.acl out/],
  ['InvalidStorageClass', 400, /does not know destination\.storage_class/],
  ['RequestTimeTooSkewed', 403, /check its clock/],
  ['MethodNotAllowed', 405, /^The bucket videos refuses the upload: MethodNotAllowed\.$/],
])('tells the owner of the bucket what %s asks of him', (name, status, message) => {
  const cause = refused(name, status);
  const error = destinationError(cause, destination);
  expect(error).toMatchObject({ code: 'destination_denied', retryable: false, cause });
  expect(error.message).toMatch(message);
});

it.each<[string, unknown]>([
  ['an error of the store', refused('InternalError', 500)],
  ['a store that is busy', refused('SlowDown', 503)],
  ['too many requests', refused('TooManyRequests', 429)],
  ['a timeout', refused('Timeout', 408)],
  ["S3's own timeout, whose status is 400", refused('RequestTimeout', 400)],
  ['a conflict that passes', refused('OperationAborted', 409)],
  ['a refusal without a status', refused('Unknown')],
  ['a broken connection', new Error('socket hang up')],
  ['something that is no error', 'what?'],
])('says that it may pass: %s', (_, cause) => {
  const code: ErrorCode = 'destination_unreachable';
  expect(destinationError(cause, destination)).toMatchObject({ code, message: unreachable, retryable: true });
});
