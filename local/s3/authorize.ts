import { timingSafeEqual } from 'node:crypto';
import { S3Error } from './errors.ts';
import type { S3Request } from './s3-request.ts';
import { readSignatureClaim, type SignatureClaim } from './signature-claim.ts';
import { type SigningContext, signingKey, signRequest } from './sigv4.ts';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request whose signature is right. */
export interface Authorization {
  /** What `x-amz-content-sha256` says about the body. */
  readonly payloadHash: string;
  /** What the body's chunks are signed with, and the signature that theirs begin from. */
  readonly context: SigningContext;
  readonly signature: string;
}

/** Milliseconds that a client's clock may be wrong. */
const skewLimit = 15 * 60 * 1000;

/**
 * Checks who sent the request, in the order in which S3 does. A session token is signed like any header, and means
 * nothing.
 *
 * @param now milliseconds
 * @throws S3Error AccessDenied, AuthorizationHeaderMalformed, AuthorizationQueryParametersError, InvalidAccessKeyId,
 *   RequestTimeTooSkewed or SignatureDoesNotMatch
 */
export function authorize(
  request: S3Request,
  credentials: AccessKey,
  region: string,
  now: number,
): Authorization {
  const claim = readSignatureClaim(request);
  checkScope(request, claim, region);
  if (claim.accessKeyId !== credentials.accessKeyId) throw new S3Error('InvalidAccessKeyId');
  checkTime(claim, now);
  checkSignedHeaders(request, claim);
  const { scope, time, signature, payloadHash } = claim;
  const context = { key: signingKey(credentials.secretAccessKey, scope), scope, time };
  const headers = Object.fromEntries(claim.signedHeaders.map((name) => [name, request.header(name) ?? '']));
  const { method, path, parameters } = request;
  checkSignature(signature, signRequest(context, { method, path, parameters, headers, payloadHash }));
  return { payloadHash, context, signature };
}

/** @throws S3Error SignatureDoesNotMatch */
export function checkSignature(given: string | undefined, right: string): void {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(right)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw new S3Error('SignatureDoesNotMatch');
}

function checkScope(request: S3Request, { scope, time }: SignatureClaim, region: string): void {
  const code = request.isPresigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed';
  if (scope.region !== region)
    throw new S3Error(code, `The region '${scope.region}' is wrong; expecting '${region}'`);
  if (!time.startsWith(`${scope.date}T`))
    throw new S3Error(code, `The credential's date ${scope.date} is not that of ${time}`);
}

function checkTime({ time, expires }: SignatureClaim, now: number): void {
  const signedAt = Date.parse(
    time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (Number.isNaN(signedAt))
    throw new S3Error('AccessDenied', `${time} is not a time such as 20130524T000000Z`);
  if (expires === undefined) {
    if (Math.abs(now - signedAt) > skewLimit) throw new S3Error('RequestTimeTooSkewed');
    return;
  }
  if (signedAt - now > skewLimit) throw new S3Error('AccessDenied', 'Request is not yet valid');
  if (now > signedAt + expires * 1000) throw new S3Error('AccessDenied', 'Request has expired');
}

/** Whatever S3 acts upon must be signed. */
function checkSignedHeaders(request: S3Request, { signedHeaders }: SignatureClaim): void {
  const names = Object.keys(request.message.headers);
  const unsigned = names.filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const missing = unsigned.filter((name) => !signedHeaders.includes(name));
  if (missing.length === 0) return;
  const text = `There were headers present in the request which were not signed: ${missing.join(', ')}`;
  throw new S3Error('AccessDenied', text);
}
