import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect, it, vi } from 'vitest';
import { Bucket, filesOf, put, read, start, stop, useS3 } from './harness.ts';
import { startProcess } from './process-harness.ts';

const harness = useS3();
const listing = async () => {
  const { Contents } = await harness.client.send(new ListObjectsV2Command({ Bucket }));
  return Contents;
};

it('objects are there again, with all that is known of them', async () => {
  await put(harness, 'a', 'content', {
    ContentType: 'video/mp4',
    Metadata: { a: '1' },
    StorageClass: 'GLACIER',
    ChecksumAlgorithm: 'SHA256',
  });
  await put(harness, '../b', '');
  const head = async () => {
    const input = { Bucket, Key: 'a', ChecksumMode: 'ENABLED' as const };
    const { $metadata, ...object } = await harness.client.send(new HeadObjectCommand(input));
    return object;
  };
  const before = [await listing(), await head()];
  await stop(harness);
  await start(harness);
  expect([await listing(), await head()]).toEqual(before);
  expect(await read(harness, 'a')).toBe('content');
});

it('buckets are there again, without being named', async () => {
  await put(harness, 'a');
  await stop(harness);
  await start(harness, { buckets: ['others'] });
  expect(await read(harness, 'a')).toBe('content');
  await harness.client.send(new HeadBucketCommand({ Bucket: 'others' }));
});

it('a killed server loses nothing that it has acknowledged, and keeps nothing that it has not', async () => {
  const dataDir = join(harness.folder, 'other');
  const inFolder = { folder: dataDir };
  const first = await startProcess(dataDir);
  await put(first, 'a');
  const Key = 'in parts';
  const { UploadId } = await first.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const part = { Bucket, Key, UploadId, PartNumber: 1 };
  const { ETag } = await first.client.send(new UploadPartCommand({ ...part, Body: 'part' }));
  const whole = filesOf(inFolder);

  const Body = new PassThrough();
  const cut = put(first, 'a', Body, { ContentLength: 100_000 });
  const failed = expect(cut).rejects.toThrow();
  Body.write(Buffer.alloc(50_000));
  await vi.waitFor(() => expect(filesOf(inFolder)).toHaveLength(whole.length + 1), { timeout: 10_000 });
  await first.kill();
  await failed;

  const second = await startProcess(dataDir);
  expect(filesOf(inFolder)).toEqual(whole);
  expect(await read(second, 'a')).toBe('content');
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await second.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
  expect(await read(second, Key)).toBe('part');
  await second.stop();
});

it('a file that is damaged is reported and left alone', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  await put(harness, 'a');
  await put(harness, 'b');
  const files = filesOf(harness).map((file) => join(harness.folder, file));
  await stop(harness);
  const [first = '', second = ''] = files;
  truncateSync(first, 20);
  writeFileSync(join(second, '../torn'), '');
  await start(harness);
  expect(await listing()).toHaveLength(1);
  const lines = error.mock.calls.map(([line]) => line);
  expect(lines).toEqual([
    expect.stringMatching(/^s3: the object file [\da-f]{64} cannot be read: /),
    expect.stringMatching(/^s3: the object file torn cannot be read: /),
  ]);
  const shown = (await listing())?.[0]?.Key === 'a' ? 'b' : 'a';
  await expect(read(harness, shown)).rejects.toMatchObject({
    name: 'InternalError',
    message: 'We encountered an internal error. Please try again.',
    $metadata: { httpStatusCode: 500 },
  });
  error.mockRestore();
  await put(harness, shown, 'repaired');
  expect(await read(harness, shown)).toBe('repaired');
});
