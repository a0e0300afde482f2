import * as v from 'valibot';
import { type ChecksumAlgorithm, checksumAlgorithmSchema, isChecksum } from './checksums.ts';
import { notImplemented, S3Error } from './errors.ts';
import type { S3Request } from './s3-request.ts';

/** What a client says that its body's digests are. */
export interface ExpectedDigests {
  readonly md5: Buffer | undefined;
  /** In hex. */
  readonly sha256: string | undefined;
  readonly checksum: ExpectedChecksum | undefined;
}

export interface ExpectedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** In base64. @default the body's trailer has it */
  readonly value?: string;
}

const prefix = 'x-amz-checksum-';

/** These begin like a checksum's header, and tell something about it. */
const otherFields = ['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type'];

/**
 * @param payloadHash a hash, or what stands for it
 * @throws S3Error InvalidDigest, InvalidRequest, or NotImplemented for another checksum
 */
export function readExpectedDigests(request: S3Request, payloadHash: string): ExpectedDigests {
  return {
    md5: readContentMd5(request.header('content-md5')),
    sha256: /^[\da-f]{64}$/.test(payloadHash) ? payloadHash : undefined,
    checksum: readChecksum(request),
  };
}

function readContentMd5(header: string | undefined): Buffer | undefined {
  if (header === undefined) return undefined;
  const md5 = Buffer.from(header, 'base64');
  if (md5.length !== 16 || md5.toString('base64') !== header) throw new S3Error('InvalidDigest');
  return md5;
}

function readChecksum(request: S3Request): ExpectedChecksum | undefined {
  const trailer = request.field('x-amz-trailer')?.toLowerCase();
  const fields = request.fieldsOf(prefix).filter((name) => !otherFields.includes(name));
  const [name, ...more] = trailer === undefined ? fields : [...fields, trailer];
  if (more.length > 0)
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple are not allowed.',
    );
  if (name === undefined) {
    if (request.field('x-amz-sdk-checksum-algorithm') === undefined) return undefined;
    const text = 'x-amz-sdk-checksum-algorithm was given without an x-amz-checksum- header or trailer.';
    throw new S3Error('InvalidRequest', text);
  }
  const algorithm = v.safeParse(checksumAlgorithmSchema, name.replace(prefix, '').toUpperCase());
  if (!algorithm.success) throw notImplemented(name);
  if (trailer !== undefined) return { algorithm: algorithm.output };
  const value = request.field(name) ?? '';
  if (isChecksum(algorithm.output, value)) return { algorithm: algorithm.output, value };
  throw new S3Error('InvalidRequest', `Value for ${name} header is invalid.`);
}
