import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { bigEndian, crc32c, crc64nvme, type Hasher } from './crc.ts';

export const checksumAlgorithmSchema = v.picklist(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']);

export type ChecksumAlgorithm = v.InferOutput<typeof checksumAlgorithmSchema>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
const algorithms: Readonly<Record<ChecksumAlgorithm, { readonly bytes: number; create(): Hasher }>> = {
  CRC32: { bytes: 4, create: zlibCrc32 },
  CRC32C: { bytes: 4, create: crc32c },
  CRC64NVME: { bytes: 8, create: crc64nvme },
  SHA1: { bytes: 20, create: () => createHash('sha1') },
  SHA256: { bytes: 32, create: () => createHash('sha256') },
};

/** Of the whole object's bytes, or of its parts' checksums. */
export const checksumTypeSchema = v.picklist(['FULL_OBJECT', 'COMPOSITE']);

export const checksumSchema = v.object({
  algorithm: checksumAlgorithmSchema,
  type: checksumTypeSchema,
  /** In base64; a composite one ends in `-` and the number of parts. */
  value: v.string(),
});

export type Checksum = v.InferOutput<typeof checksumSchema>;

export function createHasher(algorithm: ChecksumAlgorithm): Hasher {
  return algorithms[algorithm].create();
}

/** Such as `x-amz-checksum-crc32`. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** What answers tell of a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** Whether base64 text has the length that the algorithm's checksums have. */
export function isChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === algorithms[algorithm].bytes && bytes.toString('base64') === value;
}

function zlibCrc32(): Hasher {
  let crc = 0;
  return {
    update(bytes) {
      crc = crc32(bytes, crc);
    },
    digest: () => bigEndian(crc),
  };
}
