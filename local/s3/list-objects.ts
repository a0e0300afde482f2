import { type Answer, xmlAnswer } from './answer.ts';
import { S3Error } from './errors.ts';
import { listPage } from './list-page.ts';
import type { ObjectSummary } from './object-record.ts';
import type { Call } from './operation.ts';
import type { S3Request } from './s3-request.ts';
import { encode } from './sigv4.ts';
import type { XmlContent } from './xml.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html: keys and common prefixes on a page. */
const maxKeysLimit = 1000;

export const listParameters = [
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
];

/** ListObjectsV2. */
export function listObjects({ request, storage }: Call): Answer {
  const bucket = storage.buckets.get(request.bucket);
  const encoding = request.parameter('encoding-type');
  if (encoding !== undefined && encoding !== 'url')
    throw new S3Error('InvalidArgument', 'encoding-type must be url');
  const shown = (text: string) => (encoding === 'url' ? text.split('/').map(encode).join('/') : text);

  const prefix = request.parameter('prefix') ?? '';
  const delimiter = request.parameter('delimiter') || undefined;
  const startAfter = request.parameter('start-after');
  const token = request.parameter('continuation-token');
  const maxKeys = readMaxKeys(request);
  const after = token === undefined ? (startAfter ?? '') : readToken(token);
  const page = listPage(bucket.list(), { prefix, delimiter, after, maxKeys });
  return xmlAnswer('ListBucketResult', {
    Name: request.bucket,
    Prefix: shown(prefix),
    Delimiter: delimiter && shown(delimiter),
    MaxKeys: maxKeys,
    KeyCount: page.objects.length + page.commonPrefixes.length,
    IsTruncated: page.next !== undefined,
    EncodingType: encoding,
    StartAfter: startAfter && shown(startAfter),
    ContinuationToken: token,
    NextContinuationToken: page.next && tokenOf(page.next),
    Contents: page.objects.map((object) => contentOf(object, shown)),
    CommonPrefixes: page.commonPrefixes.map((each) => ({ Prefix: shown(each) })),
  });
}

function contentOf(object: ObjectSummary, shown: (text: string) => string): XmlContent {
  return {
    Key: shown(object.key),
    LastModified: new Date(object.lastModified).toISOString(),
    ETag: object.etag,
    Size: object.size,
    StorageClass: object.storageClass,
  };
}

function readMaxKeys(request: S3Request): number {
  const text = request.parameter('max-keys') ?? String(maxKeysLimit);
  if (!/^\d{1,9}$/.test(text)) throw new S3Error('InvalidArgument', 'max-keys must be a number from 0');
  return Math.min(Number(text), maxKeysLimit);
}

function tokenOf(last: string): string {
  return Buffer.from(last).toString('base64url');
}

function readToken(token: string): string {
  const last = Buffer.from(token, 'base64url').toString();
  if (token === '' || tokenOf(last) !== token)
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  return last;
}
