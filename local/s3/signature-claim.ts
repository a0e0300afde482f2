import { S3Error } from './errors.ts';
import type { S3Request } from './s3-request.ts';
import { algorithm, type CredentialScope } from './sigv4.ts';

/** What a request says about its signature, in the `Authorization` header or in its query string. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  /** Such as `20130524T000000Z`. */
  readonly time: string;
  /** Seconds; a presigned request alone has it. */
  readonly expires?: number;
  /** In lower case. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
}

/** Seven days, the longest that a presigned request may live, in seconds. */
const expiresLimit = 7 * 24 * 3600;

/** @throws S3Error when the request is not signed, or says so in another way than version 4 */
export function readSignatureClaim(request: S3Request): SignatureClaim {
  const header = request.header('authorization');
  if (request.parameter('X-Amz-Algorithm') === undefined) {
    if (header === undefined) throw new S3Error('AccessDenied');
    return claimOfHeader(request, header);
  }
  if (header === undefined) return claimOfQuery(request);
  throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed: X-Amz-Algorithm or Authorization');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html */
function claimOfHeader(request: S3Request, header: string): SignatureClaim {
  if (!header.startsWith(`${algorithm} `))
    throw new S3Error(
      'InvalidRequest',
      `The authorization mechanism is not supported. Please use ${algorithm}.`,
    );
  const pairs = header
    .slice(algorithm.length)
    .split(',')
    .map((pair) => /^ *(\w+)=(.*)$/.exec(pair) ?? []);
  const find = (wanted: string) => pairs.find(([, name]) => name === wanted)?.[2];
  const credential = readCredential(find('Credential'));
  const [signedHeaders, signature] = [find('SignedHeaders'), find('Signature')];
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    const text = 'The authorization header needs a Credential for S3, SignedHeaders and a Signature.';
    throw new S3Error('AuthorizationHeaderMalformed', text);
  }
  const [time, payloadHash] = [request.header('x-amz-date'), request.header('x-amz-content-sha256')];
  if (time === undefined) throw new S3Error('AccessDenied', 'The request needs a valid x-amz-date header');
  if (payloadHash === undefined)
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  return { ...credential, time, signedHeaders: signedHeaders.split(';'), signature, payloadHash };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function claimOfQuery(request: S3Request): SignatureClaim {
  const credential = readCredential(request.parameter('X-Amz-Credential'));
  const [time, signedHeaders, signature, seconds] = ['Date', 'SignedHeaders', 'Signature', 'Expires'].map(
    (name) => request.parameter(`X-Amz-${name}`),
  );
  if (
    request.parameter('X-Amz-Algorithm') !== algorithm ||
    credential === undefined ||
    time === undefined ||
    signedHeaders === undefined ||
    signature === undefined ||
    seconds === undefined
  ) {
    const text = `X-Amz-Algorithm must be ${algorithm}, and X-Amz-Credential, X-Amz-Date, X-Amz-SignedHeaders, X-Amz-Expires and X-Amz-Signature must be given.`;
    throw new S3Error('AuthorizationQueryParametersError', text);
  }
  const expires = readExpires(seconds);
  const payloadHash = request.field('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return { ...credential, time, expires, signedHeaders: signedHeaders.split(';'), signature, payloadHash };
}

/** `KEY/20130524/us-east-1/s3/aws4_request` */
function readCredential(text = ''): Pick<SignatureClaim, 'accessKeyId' | 'scope'> | undefined {
  const match = /^([^/]+)\/(\d{8})\/([^/]+)\/(s3)\/aws4_request$/.exec(text);
  if (match === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = ''] = match;
  return { accessKeyId, scope: { date, region, service } };
}

function readExpires(text: string): number {
  const expires = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (expires <= expiresLimit) return expires;
  const rule = `X-Amz-Expires must be a number of seconds from 0 to ${expiresLimit}, a week`;
  throw new S3Error('AuthorizationQueryParametersError', rule);
}
