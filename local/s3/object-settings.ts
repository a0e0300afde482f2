import { S3Error } from './errors.ts';
import type { ObjectSettings } from './object-record.ts';
import type { S3Request } from './s3-request.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html: bytes of names and values. */
const metadataLimit = 2048;

const metadataPrefix = 'x-amz-meta-';

const keptHeaders = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, `x-amz-storage-class`. */
const storageClasses = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];

/**
 * What PutObject and CreateMultipartUpload say about an object.
 *
 * @throws S3Error InvalidStorageClass or MetadataTooLarge
 */
export function readObjectSettings(request: S3Request): ObjectSettings {
  const headers: Record<string, string> = {};
  const keep = (name: string, value: string | undefined) => {
    if (value !== undefined) headers[name] = value;
  };
  for (const name of keptHeaders) keep(name, request.header(name));
  for (const name of request.fieldsOf(metadataPrefix)) keep(name, request.field(name));
  checkMetadata(headers);
  keep('content-encoding', contentEncoding(request.header('content-encoding')));
  keep('x-amz-storage-class', storageClass(request.field('x-amz-storage-class')));
  return { key: request.key, headers, acl: request.field('x-amz-acl') };
}

/** `aws-chunked` was the request's alone. */
function contentEncoding(header = ''): string | undefined {
  const encodings = header.split(',').map((each) => each.trim());
  return encodings.filter((each) => each !== 'aws-chunked').join(',') || undefined;
}

/** @returns undefined for the standard one, which S3 does not show */
function storageClass(name = 'STANDARD'): string | undefined {
  if (!storageClasses.includes(name)) throw new S3Error('InvalidStorageClass');
  return name === 'STANDARD' ? undefined : name;
}

function checkMetadata(headers: Readonly<Record<string, string>>): void {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith(metadataPrefix));
  const bytes = metadata.map(([name, value]) => Buffer.byteLength(name.slice(metadataPrefix.length) + value));
  if (bytes.reduce((sum, each) => sum + each, 0) > metadataLimit) throw new S3Error('MetadataTooLarge');
}
