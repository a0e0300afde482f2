import { createHash, createHmac } from 'node:crypto';

/** The algorithm of Signature Version 4: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. */
export const algorithm = 'AWS4-HMAC-SHA256';

/** Where and on which day a signature holds. */
export interface CredentialScope {
  /** Such as `20130524`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** What signs a request, and the chunks of its body. */
export interface SigningContext {
  readonly key: Buffer;
  readonly scope: CredentialScope;
  /** Such as `20130524T000000Z`. */
  readonly time: string;
}

/** What a signature covers. Path, names and values are decoded. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** The signed ones, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** A hash in hex, or what stands for it, such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

export function signingKey(secretAccessKey: string, scope: CredentialScope): Buffer {
  const parts = [scope.date, scope.region, scope.service, 'aws4_request'];
  return parts.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secretAccessKey}`));
}

/** @returns the signature in hex */
export function signRequest(context: SigningContext, request: SignedRequest): string {
  return signText(context, algorithm, [sha256(canonicalRequest(request))]);
}

/**
 * @param kind the first line of the string to sign, such as `AWS4-HMAC-SHA256-PAYLOAD` for a chunk
 * @param lines what follows the scope
 * @returns the signature in hex
 */
export function signText(context: SigningContext, kind: string, lines: readonly string[]): string {
  const { date, region, service } = context.scope;
  const scope = `${date}/${region}/${service}/aws4_request`;
  return hmac(context.key, [kind, context.time, scope, ...lines].join('\n')).toString('hex');
}

/** In hex. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** S3 alone encodes the path once and keeps `.`, `..` and empty segments: they are part of a key. */
function canonicalRequest({ method, path, parameters, headers, payloadHash }: SignedRequest): string {
  const names = Object.keys(headers).sort();
  return [
    method,
    path.split('/').map(encode).join('/'),
    canonicalQuery(parameters),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/[ \t]+/g, ' ')}`),
    '',
    names.join(';'),
    payloadHash,
  ].join('\n');
}

function canonicalQuery(parameters: SignedRequest['parameters']): string {
  return parameters
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, aValue], [b, bValue]) => (a === b ? compare(aValue, bValue) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Leaves letters, digits and `-._~` alone: RFC 3986. */
export function encode(text: string): string {
  const percent = (each: string) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
