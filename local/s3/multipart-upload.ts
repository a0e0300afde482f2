import * as v from 'valibot';
import { type Answer, xmlAnswer } from './answer.ts';
import { checksumAlgorithmSchema, checksumHeaders, checksumTypeSchema } from './checksums.ts';
import { notImplemented, S3Error } from './errors.ts';
import type { PartRecord, UploadRecord } from './object-record.ts';
import { readObjectSettings } from './object-settings.ts';
import type { Call } from './operation.ts';
import { receive } from './receive.ts';
import type { S3Request } from './s3-request.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: parts are numbered from 1 to this. */
const partLimit = 10_000;

export function createMultipartUpload({ request, storage }: Call): Answer {
  const { bucket, key } = request;
  const checksum = readUploadChecksum(request);
  const id = storage.uploads.create({ ...readObjectSettings(request), bucket, checksum });
  const headers = checksum && {
    'x-amz-checksum-algorithm': checksum.algorithm,
    'x-amz-checksum-type': checksum.type,
  };
  return xmlAnswer('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id }, headers);
}

export async function uploadPart({ request, authorization, storage }: Call): Promise<Answer> {
  const { bucket, key } = request;
  const id = uploadId(request);
  const number = readPartNumber(request.parameter('partNumber'));
  const upload = storage.uploads.get(id, bucket, key);
  return storage.pending.use(async (file) => {
    const { md5, checksum } = await receive(request, authorization, file.write);
    checkAlgorithm(upload, checksum?.algorithm);
    const record: PartRecord = { etag: `"${md5.toString('hex')}"`, checksum };
    await file.describe(record);
    storage.uploads.putPart(id, number, file.path);
    return { headers: { etag: record.etag, ...checksumHeaders(checksum) } };
  });
}

export async function abortMultipartUpload({ request, storage }: Call): Promise<Answer> {
  const { bucket, key } = request;
  const id = uploadId(request);
  storage.uploads.get(id, bucket, key);
  await storage.uploads.remove(id);
  return { status: 204 };
}

export function uploadId(request: S3Request): string {
  return request.parameter('uploadId') ?? '';
}

function readPartNumber(text = ''): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= partLimit) return number;
  throw new S3Error(
    'InvalidArgument',
    `Part number must be an integer between 1 and ${partLimit}, inclusive`,
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html: which types there are. */
function readUploadChecksum(request: S3Request): UploadRecord['checksum'] {
  const [name, givenType] = ['algorithm', 'type'].map((each) => request.field(`x-amz-checksum-${each}`));
  if (name === undefined) {
    if (givenType === undefined) return undefined;
    throw new S3Error('InvalidRequest', 'x-amz-checksum-type needs x-amz-checksum-algorithm.');
  }
  const algorithm = v.safeParse(checksumAlgorithmSchema, name);
  if (!algorithm.success) throw notImplemented(`x-amz-checksum-algorithm ${name}`);
  const usualType = algorithm.output === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const type = v.safeParse(checksumTypeSchema, givenType ?? usualType);
  const isPossible = type.output === usualType || /^CRC32C?$/.test(name);
  if (!type.success || !isPossible)
    throw new S3Error('InvalidRequest', `The ${givenType} checksum type cannot be used with ${name}.`);
  return { algorithm: algorithm.output, type: type.output };
}

function checkAlgorithm(upload: UploadRecord, actual: string | undefined): void {
  const expected = upload.checksum?.algorithm;
  if (expected === undefined || expected === actual) return;
  const text = `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`;
  throw new S3Error('InvalidRequest', text);
}
