import { createHash } from 'node:crypto';
import type { Authorization } from './authorize.ts';
import { type Checksum, checksumHeader, createHasher } from './checksums.ts';
import { S3Error } from './errors.ts';
import { type ExpectedDigests, readExpectedDigests } from './expected-digests.ts';
import { openPayload } from './payload.ts';
import type { S3Request } from './s3-request.ts';

/** A body that came whole and as its client said. */
export interface ReceivedBody {
  /** Bytes. */
  readonly size: number;
  readonly md5: Buffer;
  readonly checksum: Checksum | undefined;
}

/**
 * Reads a request's body and checks it against every digest that came with it. What was written counts only once this
 * has resolved.
 *
 * @throws S3Error BadDigest, IncompleteBody, XAmzContentSHA256Mismatch and what a malformed digest or encoding gets
 */
export async function receive(
  request: S3Request,
  authorization: Authorization,
  write: (bytes: Buffer) => Promise<void> | void,
): Promise<ReceivedBody> {
  const expected = readExpectedDigests(request, authorization.payloadHash);
  const { content, length, trailers } = openPayload(request, authorization);
  const md5 = createHash('md5');
  const sha256 = expected.sha256 === undefined ? undefined : createHash('sha256');
  const checksum = expected.checksum === undefined ? undefined : createHasher(expected.checksum.algorithm);
  let size = 0;
  for await (const bytes of content) {
    size += bytes.length;
    if (size > length) throw new S3Error('IncompleteBody');
    // The disk writes while this thread hashes.
    const written = write(bytes);
    for (const hasher of [md5, sha256, checksum]) hasher?.update(bytes);
    await written;
  }
  if (size < length) throw new S3Error('IncompleteBody');
  const digest = md5.digest();
  checkHashes(expected, digest, sha256?.digest('hex'));
  return { size, md5: digest, checksum: checkChecksum(expected, trailers, checksum?.digest()) };
}

function checkHashes(expected: ExpectedDigests, md5: Buffer, sha256: string | undefined): void {
  if (expected.sha256 !== sha256) throw new S3Error('XAmzContentSHA256Mismatch');
  if (expected.md5 !== undefined && !expected.md5.equals(md5)) throw new S3Error('BadDigest');
}

function checkChecksum(
  { checksum: expected }: ExpectedDigests,
  trailers: ReadonlyMap<string, string>,
  actual: Buffer | undefined,
): Checksum | undefined {
  if (expected === undefined || actual === undefined) return undefined;
  const { algorithm } = expected;
  const value = expected.value ?? trailers.get(checksumHeader(algorithm));
  if (value === undefined) throw new S3Error('MalformedTrailerError');
  if (value !== actual.toString('base64'))
    throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  return { algorithm, type: 'FULL_OBJECT', value };
}
