import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  RestoreObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { startS3 } from '../../../local/s3/server.ts';
import { Bucket, clientOf, credentials, filesOf, put, send, sendRaw, start, stop, useS3 } from './harness.ts';

const harness = useS3();
const Key = 'a';
const object = { Bucket, Key };

/** Commands have nothing in common that their client's `send` would take. */
const run = (command: object) => harness.client.send(command as HeadBucketCommand);

describe('what is not implemented is refused by its name', () => {
  const Tagging = { TagSet: [] };
  it.each<[string, object]>([
    ['ListBuckets', new ListBucketsCommand()],
    ['ListObjects', new ListObjectsCommand({ Bucket })],
    ['ListObjectVersions', new ListObjectVersionsCommand({ Bucket })],
    ['ListMultipartUploads', new ListMultipartUploadsCommand({ Bucket })],
    ['ListParts', new ListPartsCommand({ ...object, UploadId: 'x' })],
    ['DeleteBucket', new DeleteBucketCommand({ Bucket })],
    ['DeleteObjects', new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } })],
    ['CopyObject', new CopyObjectCommand({ ...object, CopySource: 'x/y' })],
    [
      'UploadPartCopy',
      new UploadPartCopyCommand({ ...object, UploadId: 'x', PartNumber: 1, CopySource: 'x/y' }),
    ],
    ['GetObjectAcl', new GetObjectAclCommand(object)],
    ['GetObjectAttributes', new GetObjectAttributesCommand({ ...object, ObjectAttributes: ['ETag'] })],
    ['GetObjectTagging', new GetObjectTaggingCommand(object)],
    ['PutObjectTagging', new PutObjectTaggingCommand({ ...object, Tagging })],
    ['DeleteObjectTagging', new DeleteObjectTaggingCommand(object)],
    ['RestoreObject', new RestoreObjectCommand(object)],
    ['GetBucketLocation', new GetBucketLocationCommand({ Bucket })],
    ['GetBucketVersioning', new GetBucketVersioningCommand({ Bucket })],
    ['PutBucketPolicy', new PutBucketPolicyCommand({ Bucket, Policy: '{}' })],
    ['PutBucketCors', new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [] } })],
    ['PutBucketLifecycleConfiguration', new PutBucketLifecycleConfigurationCommand({ Bucket })],
    ['PutPublicAccessBlock', new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: {} })],
  ])('%s', async (name, command) => {
    await expect(run(command)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: `s3 ${name} is not implemented by the local S3`,
      $metadata: { httpStatusCode: 501 },
    });
  });

  it.each<[string, object]>([
    ['GetObject with versionId', new GetObjectCommand({ ...object, VersionId: 'x' })],
    ['GetObject with partNumber', new GetObjectCommand({ ...object, PartNumber: 1 })],
    [
      'GetObject with x-amz-expected-bucket-owner',
      new GetObjectCommand({ ...object, ExpectedBucketOwner: 'x' }),
    ],
    ['PutObject with if-none-match', new PutObjectCommand({ ...object, IfNoneMatch: '*' })],
    ['PutObject with x-amz-tagging', new PutObjectCommand({ ...object, Tagging: 'a=b' })],
    [
      'PutObject with x-amz-server-side-encryption',
      new PutObjectCommand({ ...object, ServerSideEncryption: 'AES256' }),
    ],
    ['ListObjectsV2 with fetch-owner', new ListObjectsV2Command({ Bucket, FetchOwner: true })],
    ['CreateBucket with x-amz-acl', new CreateBucketCommand({ Bucket: 'new-bucket', ACL: 'private' })],
  ])('%s', async (name, command) => {
    await expect(run(command)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: `s3 ${name} is not implemented by the local S3`,
    });
    expect(filesOf(harness)).toEqual([]);
  });

  it.each([
    ['PATCH', `/${Bucket}/a`, 'PATCH object'],
    ['POST', `/${Bucket}`, 'PostObject'],
    ['DELETE', '/', 'DELETE service'],
    ['GET', `/${Bucket}?constructor`, 'ListObjects'],
  ])('%s %s: %s', async (method, path, name) => {
    expect(await sendRaw(harness, { method, path })).toMatchObject({
      status: 501,
      message: `s3 ${name} is not implemented by the local S3`,
    });
  });
});

describe('what is not there', () => {
  it.each<[string, number, object]>([
    ['NoSuchBucket', 404, new GetObjectCommand({ Bucket: 'none', Key })],
    ['NoSuchBucket', 404, new PutObjectCommand({ Bucket: 'none', Key })],
    ['NoSuchBucket', 404, new ListObjectsV2Command({ Bucket: 'none' })],
    ['NoSuchKey', 404, new GetObjectCommand(object)],
    ['NotFound', 404, new HeadObjectCommand(object)],
    ['NotFound', 404, new HeadBucketCommand({ Bucket: 'none' })],
  ])('%s', async (name, httpStatusCode, command) => {
    await expect(run(command)).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  it.each(['/../a', '/%2e%2e/a', '//a', '/constructor/a'])(
    'is no bucket, and no folder either: %s',
    async (path) => {
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect(await sendRaw(harness, { method, path })).toMatchObject({ status: 404, code: 'NoSuchBucket' });
      expect(filesOf(harness)).toEqual([]);
    },
  );

  it('is told in XML, with the id that is in the header too', async () => {
    const { text, headers } = await sendRaw(harness, { path: `/${Bucket}/a%20%26b` });
    const id = headers['x-amz-request-id'];
    expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(headers['content-type']).toBe('application/xml');
    expect(text).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Resource>/videos/a%20%26b</Resource><RequestId>${id}</RequestId></Error>`,
    );
  });

  it('is told without a body to HEAD', async () => {
    const { status, text } = await sendRaw(harness, { method: 'HEAD', path: `/${Bucket}/a` });
    expect([status, text]).toEqual([404, '']);
  });
});

it('every answer has an id of its own', async () => {
  const ids = [];
  for (const _ of ['first', 'second']) ids.push((await put(harness, 'a')).$metadata.requestId);
  expect(new Set(ids).size).toBe(2);
  expect(ids).not.toContain(undefined);
});

describe('a bucket', () => {
  it('may be created, and created again, and is empty', async () => {
    for (const _ of ['once', 'twice']) await run(new CreateBucketCommand({ Bucket: 'new-bucket' }));
    await put(harness, 'a', 'content', { Bucket: 'new-bucket' });
    await run(new CreateBucketCommand({ Bucket: 'new-bucket' }));
    const inBucket = await harness.client.send(new ListObjectsV2Command({ Bucket: 'new-bucket' }));
    const inOther = await harness.client.send(new ListObjectsV2Command({ Bucket }));
    expect([inBucket.KeyCount, inOther.KeyCount]).toEqual([1, 0]);
  });

  it('is told with its region', async () => {
    expect(await harness.client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({
      BucketRegion: 'us-east-1',
    });
  });

  it.each([['ab'], ['a'.repeat(64)], ['Upper'], ['a_b'], ['-ab'], ['ab-'], ['a..b'], ['127.0.0.1'], ['..']])(
    'cannot be called %s',
    async (name) => {
      const answer = await sendRaw(harness, { method: 'PUT', path: `/${name}` });
      expect(answer).toMatchObject({ status: 400, code: 'InvalidBucketName' });
    },
  );

  it('that the server is told to create must have a name of its kind', async () => {
    const started = startS3({ dataDir: `${harness.folder}/other`, credentials, buckets: ['Not_a_bucket'] });
    await expect(started).rejects.toThrow('"Not_a_bucket" cannot name a bucket');
  });

  it('in another region is created by that region alone, and once', async () => {
    await stop(harness);
    await start(harness, { region: 'eu-central-1' });
    await run(new CreateBucketCommand({ Bucket: 'new-bucket' }));
    await expect(run(new CreateBucketCommand({ Bucket: 'new-bucket' }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
    await expect(
      run(new CreateBucketCommand({ Bucket: 'other', CreateBucketConfiguration })),
    ).rejects.toMatchObject({ name: 'IllegalLocationConstraintException' });
  });
});

it('listens on loopback at the port that it is told', async () => {
  const { port } = harness.server;
  await stop(harness);
  await start(harness, { port });
  expect(harness.server.url).toBe(`http://127.0.0.1:${port}`);
  await put({ client: clientOf(harness.server.url) }, 'a');
  expect(await send(harness.server, { path: '/' })).toMatchObject({ status: 403, code: 'AccessDenied' });
});
