import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  type UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it, vi } from 'vitest';
import { createHasher } from '../../../local/s3/checksums.ts';
import { Bucket, clientOf, filesOf, read, sendRaw, start, stop, useS3 } from './harness.ts';

const harness = useS3();
const Key = 'folder/a b';
const mebibyte = 1024 ** 2;
const big = randomBytes(5 * mebibyte);
const md5 = (data: string | Buffer) => createHash('md5').update(data).digest();

async function create(input: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { UploadId } = await harness.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }));
  return UploadId;
}

async function uploadPart(
  UploadId: string | undefined,
  PartNumber: number,
  Body: UploadPartCommandInput['Body'] = 'content',
  input: Partial<UploadPartCommandInput> = {},
): Promise<CompletedPart> {
  const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...input });
  const { $metadata, ...part } = await harness.client.send(command);
  return { PartNumber, ...part };
}

const complete = (UploadId: string | undefined, Parts: CompletedPart[] | undefined) =>
  harness.client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );

describe('lib-storage', () => {
  const content = randomBytes(3 * 16 * mebibyte);
  const parts = [0, 1, 2].map((index) =>
    content.subarray(index * 16 * mebibyte, (index + 1) * 16 * mebibyte),
  );
  const etag = `"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3"`;

  it.each<[string, 'WHEN_SUPPORTED' | 'WHEN_REQUIRED', () => Buffer | Readable]>([
    [
      'a stream with checksums',
      'WHEN_SUPPORTED',
      () =>
        Readable.from(
          content
            .toString('latin1')
            .match(/.{1,99999}/gs)
            ?.map((each) => Buffer.from(each, 'latin1')) ?? [],
        ),
    ],
    ['bytes without checksums', 'WHEN_REQUIRED', () => content],
  ])('uploads three parts of 16 MiB from %s', async (_, requestChecksumCalculation, make) => {
    const client = clientOf(harness.server.url, { requestChecksumCalculation });
    const params = { Bucket, Key, Body: make(), ContentType: 'video/mp4', Metadata: { a: '1' } };
    const result = await new Upload({ client, params, partSize: 16 * mebibyte, queueSize: 3 }).done();
    expect(result).toMatchObject({ ETag: etag, Bucket, Key });
    expect(result.Location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/videos\/folder\/a b$/);
    const object = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(object).toMatchObject({ ETag: etag, ContentType: 'video/mp4', Metadata: { a: '1' } });
    const stored = await object.Body?.transformToByteArray();
    expect(Buffer.from(stored ?? []).equals(content)).toBe(true);
    const Range = `bytes=${16 * mebibyte - 2}-${16 * mebibyte + 1}`;
    const across = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
    const bytes = await across.Body?.transformToByteArray();
    expect(Buffer.from(bytes ?? [])).toEqual(content.subarray(16 * mebibyte - 2, 16 * mebibyte + 2));
    expect(filesOf(harness)).toHaveLength(1);
  });

  it('leaves nothing of an upload that it gives up', async () => {
    const client = clientOf(harness.server.url);
    async function* failing() {
      yield content;
      throw new Error('The disk is on fire');
    }
    const params = { Bucket, Key, Body: Readable.from(failing()) };
    const upload = new Upload({ client, params, partSize: 16 * mebibyte });
    await expect(upload.done()).rejects.toThrow('The disk is on fire');
    expect(filesOf(harness)).toEqual([]);
  });
});

describe('an upload', () => {
  it('may have parts sent in any order, sent again, and left out', async () => {
    const UploadId = await create();
    const last = await uploadPart(UploadId, 10_000, 'the end');
    await uploadPart(UploadId, 7, 'left out');
    await uploadPart(UploadId, 2, 'sent again');
    const first = await uploadPart(UploadId, 2, big);
    await complete(UploadId, [first, last]);
    const { Body } = await harness.client.send(new GetObjectCommand({ Bucket, Key }));
    const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(content.equals(Buffer.concat([big, Buffer.from('the end')]))).toBe(true);
    expect(filesOf(harness)).toHaveLength(1);
  });

  it('may have one part, which may be empty', async () => {
    const UploadId = await create();
    const { ETag } = await complete(UploadId, [await uploadPart(UploadId, 1, '')]);
    expect(ETag).toBe(`"${md5(md5('')).toString('hex')}-1"`);
    expect(await read(harness, Key)).toBe('');
  });

  it('shows nothing before it is complete, and nothing when it is aborted', async () => {
    const UploadId = await create();
    await uploadPart(UploadId, 1);
    await expect(read(harness, Key)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await harness.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect(filesOf(harness)).toEqual([]);
  });

  it('goes on after a restart', async () => {
    const UploadId = await create({ ContentType: 'video/mp4', Metadata: { a: '1' } });
    const first = await uploadPart(UploadId, 1, big);
    await stop(harness);
    await start(harness);
    const parts = [first, await uploadPart(UploadId, 2, 'the end')];
    await stop(harness);
    await start(harness);
    await complete(UploadId, parts);
    const head = await harness.client.send(new HeadObjectCommand({ Bucket, Key }));
    const ContentLength = big.length + 'the end'.length;
    expect(head).toMatchObject({ ContentLength, ContentType: 'video/mp4', Metadata: { a: '1' } });
  });

  it('may be sent with presigned URLs', async () => {
    const UploadId = await create();
    const client = clientOf(harness.server.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
    const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1 });
    const response = await fetch(await getSignedUrl(client, command), { method: 'PUT', body: 'content' });
    await complete(UploadId, [{ PartNumber: 1, ETag: response.headers.get('etag') ?? '' }]);
    expect(await read(harness, Key)).toBe('content');
  });

  it('that is complete is over', async () => {
    const UploadId = await create();
    const part = await uploadPart(UploadId, 1);
    const results = await Promise.allSettled([complete(UploadId, [part]), complete(UploadId, [part])]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const late of [() => uploadPart(UploadId, 2), () => complete(UploadId, [part])])
      await expect(late()).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(filesOf(harness)).toHaveLength(1);
  });
});

it('an upload that is completed and aborted at once is one of them', async () => {
  const UploadId = await create();
  const part = await uploadPart(UploadId, 1, Buffer.alloc(64 * mebibyte));
  const completed = complete(UploadId, [part]);
  await vi.waitFor(() => expect(filesOf(harness).some((file) => file.startsWith('/pending/'))).toBe(true), {
    interval: 1,
  });
  const aborted = harness.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  const [completion, abortion] = await Promise.allSettled([completed, aborted]);
  expect([completion.status, abortion.status].toSorted()).toEqual(['fulfilled', 'rejected']);
  const { KeyCount } = await harness.client.send(new ListObjectsV2Command({ Bucket }));
  expect(KeyCount).toBe(completion.status === 'fulfilled' ? 1 : 0);
  expect(filesOf(harness)).toHaveLength(KeyCount ?? 0);
});

describe('checksums of an upload', () => {
  const content = Buffer.concat([big, Buffer.from('the end')]);

  it.each([
    ['CRC32', 'COMPOSITE', undefined],
    ['CRC32C', 'COMPOSITE', undefined],
    ['SHA1', 'COMPOSITE', undefined],
    ['SHA256', 'COMPOSITE', undefined],
    ['CRC64NVME', 'FULL_OBJECT', undefined],
    ['CRC32', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC32C', 'FULL_OBJECT', 'FULL_OBJECT'],
  ] as const)('%s is %s', async (algorithm, type, ChecksumType) => {
    const input = { ChecksumAlgorithm: algorithm };
    const UploadId = await create({ ...input, ChecksumType });
    const parts = [
      await uploadPart(UploadId, 1, big, input),
      await uploadPart(UploadId, 2, 'the end', input),
    ];
    const digests = [big, Buffer.from('the end')].map((part) => digestOf(algorithm, part));
    expect(parts.map((part) => part[`Checksum${algorithm}`])).toEqual(
      digests.map((each) => each.toString('base64')),
    );
    const composite = `${digestOf(algorithm, Buffer.concat(digests)).toString('base64')}-2`;
    const value = type === 'COMPOSITE' ? composite : digestOf(algorithm, content).toString('base64');
    const expected = { [`Checksum${algorithm}`]: value, ChecksumType: type };
    expect(await complete(UploadId, parts)).toMatchObject(expected);
    const get = new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' });
    const object = await harness.client.send(get);
    expect(object).toMatchObject(expected);
    expect(await object.Body?.transformToByteArray()).toHaveLength(content.length);
  });

  function digestOf(algorithm: 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256', bytes: Buffer): Buffer {
    const hasher = createHasher(algorithm);
    hasher.update(bytes);
    return hasher.digest();
  }

  it('must be those that it began with', async () => {
    const UploadId = await create({ ChecksumAlgorithm: 'SHA256' });
    await expect(uploadPart(UploadId, 1, 'x', { ChecksumAlgorithm: 'SHA1' })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'Checksum Type mismatch occurred, expected checksum Type: SHA256, actual checksum Type: SHA1',
    });
    const part = await uploadPart(UploadId, 1, 'x', { ChecksumAlgorithm: 'SHA256' });
    const { ETag, PartNumber } = part;
    await expect(complete(UploadId, [{ ETag, PartNumber }])).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    const ChecksumSHA256 = digestOf('SHA256', Buffer.from('y')).toString('base64');
    await expect(complete(UploadId, [{ ...part, ChecksumSHA256 }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await complete(UploadId, [part]);
  });

  it.each<[string, string, Record<string, string>]>([
    ['InvalidRequest', 'a type alone', { 'x-amz-checksum-type': 'COMPOSITE' }],
    ['InvalidRequest', 'no such type', { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'x' }],
    [
      'InvalidRequest',
      'SHA of all',
      { 'x-amz-checksum-algorithm': 'SHA1', 'x-amz-checksum-type': 'FULL_OBJECT' },
    ],
    [
      'InvalidRequest',
      'CRC64 of parts',
      { 'x-amz-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-type': 'COMPOSITE' },
    ],
    ['NotImplemented', 'another algorithm', { 'x-amz-checksum-algorithm': 'SHA512' }],
  ])('are refused: %s for %s', async (code, _, headers) => {
    const answer = await sendRaw(harness, { method: 'POST', path: `/${Bucket}/a?uploads`, headers });
    expect(answer.code).toBe(code);
    expect(filesOf(harness)).toEqual([]);
  });
});

describe('an upload is refused', () => {
  it.each<[string, string, (first: CompletedPart, second: CompletedPart) => CompletedPart[]]>([
    ['EntityTooSmall', 'a small part before the last', (a, b) => [a, b]],
    ['InvalidPartOrder', 'parts in another order', (a, b) => [b, a]],
    ['InvalidPartOrder', 'the same part twice', (a) => [a, a]],
    ['InvalidPart', 'another entity tag', (a) => [{ ...a, ETag: '"0"' }]],
    ['InvalidPart', 'a part that was not sent', (a) => [{ ...a, PartNumber: 3 }]],
    ['MalformedXML', 'no parts', () => []],
  ])('%s for %s, and can be completed nevertheless', async (name, _, choose) => {
    const UploadId = await create();
    const parts = [await uploadPart(UploadId, 1, 'one'), await uploadPart(UploadId, 2, 'two')] as const;
    await expect(complete(UploadId, choose(...parts))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 400 },
    });
    await expect(read(harness, Key)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await complete(UploadId, [parts[1]]);
    expect(await read(harness, Key)).toBe('two');
  });

  it.each(['', '<', '<a/>', '<CompleteMultipartUpload><Part/></CompleteMultipartUpload>'])(
    'MalformedXML for the list %j',
    async (body) => {
      const path = `/${Bucket}/folder/a%20b?uploadId=${await create()}`;
      expect(await sendRaw(harness, { method: 'POST', path, body })).toMatchObject({ code: 'MalformedXML' });
    },
  );

  it('for a list beyond all bounds', async () => {
    const path = `/${Bucket}/folder/a%20b?uploadId=${await create()}`;
    const answer = await sendRaw(harness, { method: 'POST', path, body: ' '.repeat(5 * mebibyte) });
    expect(answer.code).toBe('EntityTooLarge');
  });

  it.each(['0', '10001', 'x', '1.5', '-1', ''])('InvalidArgument for the part number %j', async (number) => {
    const path = `/${Bucket}/folder/a%20b?uploadId=${await create()}&partNumber=${number}`;
    const answer = await sendRaw(harness, { method: 'PUT', path, body: 'x' });
    expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  it.each(['..', '../pending', '', 'x', '00000000-0000-0000-0000-000000000000', '-'.repeat(36)])(
    'NoSuchUpload for the id %j',
    async (id) => {
      const path = `/${Bucket}/a?uploadId=${encodeURIComponent(id)}`;
      for (const request of [
        { method: 'PUT', path: `${path}&partNumber=1`, body: 'x' },
        { method: 'POST', path },
        { method: 'DELETE', path },
      ])
        expect(await sendRaw(harness, request)).toMatchObject({ status: 404, code: 'NoSuchUpload' });
    },
  );

  it('NoSuchUpload for an id that leads elsewhere', async () => {
    mkdirSync(join(harness.folder, 'elsewhere'));
    const record = JSON.stringify({ bucket: Bucket, key: 'a', headers: {} });
    writeFileSync(join(harness.folder, 'elsewhere/upload.json'), record);
    const path = `/${Bucket}/a?uploadId=${encodeURIComponent('../elsewhere')}`;
    expect(await sendRaw(harness, { method: 'DELETE', path })).toMatchObject({ code: 'NoSuchUpload' });
    expect(filesOf(harness)).toEqual(['/elsewhere/upload.json']);
  });

  it('NoSuchUpload for another object', async () => {
    const UploadId = await create();
    await expect(uploadPart(UploadId, 1, 'x', { Key: 'other' })).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('for a part whose digest is wrong, which leaves no part', async () => {
    const UploadId = await create();
    const before = filesOf(harness);
    const ContentMD5 = md5('y').toString('base64');
    await expect(uploadPart(UploadId, 1, 'x', { ContentMD5 })).rejects.toMatchObject({ name: 'BadDigest' });
    expect(filesOf(harness)).toEqual(before);
  });
});

it('an object by a single upload takes the place of one in parts, and the other way round', async () => {
  const UploadId = await create();
  const part = await uploadPart(UploadId, 1, 'parts');
  await harness.client.send(new PutObjectCommand({ Bucket, Key, Body: 'single' }));
  await complete(UploadId, [part]);
  expect(await read(harness, Key)).toBe('parts');
  await harness.client.send(new PutObjectCommand({ Bucket, Key, Body: 'single' }));
  expect(await read(harness, Key)).toBe('single');
});
