import { createHash } from 'node:crypto';
import { READ_BYTES } from '../../services/read-bytes.ts';
import { type Checksum, createHasher } from './checksums.ts';
import type { Hasher } from './crc.ts';
import type { DescribedFile } from './described-file.ts';
import { S3Error } from './errors.ts';
import type { PartRecord, UploadRecord } from './object-record.ts';
import type { ListedPart } from './part-list.ts';
import type { Uploads } from './uploads.ts';

/** Bytes of every part but the last: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html. */
const minimumPartSize = 5 * 1024 ** 2;

export interface JoinedParts {
  /** Bytes. */
  readonly size: number;
  /** The MD5 of the parts' MD5s, and how many there are. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
}

/**
 * Copies the parts one behind the other, a buffer at a time.
 *
 * @throws S3Error InvalidPart, EntityTooSmall or InvalidRequest
 */
export async function joinParts(
  uploads: Uploads,
  id: string,
  upload: UploadRecord,
  parts: readonly ListedPart[],
  write: (bytes: Buffer) => Promise<void>,
): Promise<JoinedParts> {
  const md5 = createHash('md5');
  const hasher = upload.checksum && createHasher(upload.checksum.algorithm);
  const isComposite = upload.checksum?.type === 'COMPOSITE';
  let size = 0;
  for (const listed of parts) {
    const part = await uploads.openPart(id, listed.number);
    if (part === undefined) throw new S3Error('InvalidPart');
    try {
      checkPart(listed, part, isComposite);
      if (listed !== parts.at(-1) && part.size < minimumPartSize) throw new S3Error('EntityTooSmall');
      md5.update(Buffer.from(part.description.etag.slice(1, -1), 'hex'));
      if (isComposite) hasher?.update(Buffer.from(part.description.checksum?.value ?? '', 'base64'));
      await copy(part, write, isComposite ? undefined : hasher);
    } finally {
      await part.handle.close();
    }
    size += part.size;
  }
  const etag = `"${md5.digest('hex')}-${parts.length}"`;
  return { size, etag, checksum: hasher && checksumOf(upload, hasher, parts.length) };
}

/** The upload may have got another part of that number since the client listed it. */
function checkPart(
  listed: ListedPart,
  { description }: DescribedFile<PartRecord>,
  isComposite: boolean,
): void {
  if (listed.etag !== description.etag) throw new S3Error('InvalidPart');
  if (listed.checksum !== undefined && listed.checksum !== description.checksum?.value)
    throw new S3Error('InvalidPart');
  if (listed.checksum !== undefined || !isComposite) return;
  const text = `The complete request must include the checksum for each part. It was missing for part ${listed.number} in the request.`;
  throw new S3Error('InvalidRequest', text);
}

async function copy(
  { handle, size }: DescribedFile<PartRecord>,
  write: (bytes: Buffer) => Promise<void>,
  hasher: Hasher | undefined,
): Promise<void> {
  if (size === 0) return;
  const stream = handle.createReadStream({ end: size - 1, highWaterMark: READ_BYTES, autoClose: false });
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    hasher?.update(bytes);
    await write(bytes);
  }
}

function checksumOf({ checksum }: UploadRecord, hasher: Hasher, parts: number): Checksum | undefined {
  if (checksum === undefined) return undefined;
  const value = hasher.digest().toString('base64');
  return { ...checksum, value: checksum.type === 'COMPOSITE' ? `${value}-${parts}` : value };
}
