import { S3Error } from './errors.ts';

/** Bytes of a key in UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html. */
const keyLimit = 1024;

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. Such a name can also name a folder.
 *
 * @throws S3Error InvalidBucketName
 */
export function checkBucketName(name: string): void {
  const isValid = /^(?!.*\.\.)[a-z\d][a-z\d.-]{1,61}[a-z\d]$/.test(name) && !/^[\d.]+$/.test(name);
  if (!isValid) throw new S3Error('InvalidBucketName', `${JSON.stringify(name)} cannot name a bucket`);
}

/** @throws S3Error KeyTooLongError */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > keyLimit) throw new S3Error('KeyTooLongError');
}

/** The order of a listing: that of the bytes in UTF-8, which is not that of JavaScript's strings. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
