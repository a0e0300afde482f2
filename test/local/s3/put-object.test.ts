import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket, clientOf, filesOf, put, read, sendRaw, useS3 } from './harness.ts';

const harness = useS3();
const get = (Key: string) => harness.client.send(new GetObjectCommand({ Bucket, Key }));
const md5 = (data: string | Buffer) => createHash('md5').update(data).digest('hex');

describe('a body', () => {
  const text = 'ünï'.repeat(30_000);

  it.each<[string, () => string | Buffer | Uint8Array | Readable]>([
    ['of text', () => text],
    ['of bytes', () => Buffer.from(text)],
    ['of an array', () => new Uint8Array(Buffer.from(text))],
    ['that is a stream of one piece', () => Readable.from([Buffer.from(text)])],
    ['that is a stream of many', () => Readable.from(text.match(/.{9000}/gs) ?? [])],
  ])('%s comes back as it was', async (_, make) => {
    const ContentLength = Buffer.byteLength(text);
    const { ETag } = await put(harness, 'a', make(), { ContentLength });
    expect(ETag).toBe(`"${md5(text)}"`);
    const { Body, ...object } = await get('a');
    expect(object).toMatchObject({ ContentLength, ETag, ContentType: 'application/octet-stream' });
    expect(await Body?.transformToString()).toBe(text);
  });

  it.each<[string, '' | Readable]>([
    ['text', ''],
    ['stream', Readable.from([])],
  ])('that is an empty %s is an empty object', async (_, body) => {
    const { ETag } = await put(harness, 'empty', body, { ContentLength: 0 });
    expect(ETag).toBe(`"${md5('')}"`);
    expect(await read(harness, 'empty')).toBe('');
  });

  it('is taken without the checksum that the SDK adds, too', async () => {
    const client = clientOf(harness.server.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
    await put({ client }, 'a');
    expect(await read(harness, 'a')).toBe('content');
  });

  it.each([
    ['plain', 'UNSIGNED-PAYLOAD'],
    ['chunked', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
  ])('of unknown length is refused: %s', async (_, payloadHash) => {
    const headers = { 'transfer-encoding': 'chunked' };
    const answer = await sendRaw(harness, {
      method: 'PUT',
      path: `/${Bucket}/a`,
      headers,
      payloadHash,
      body: 'x',
    });
    expect(answer).toMatchObject({ status: 411, code: 'MissingContentLength' });
  });

  it('in chunks that S3 finds too small is refused', async () => {
    const body = Readable.from(['tiny', 'chunks']);
    await expect(put(harness, 'a', body, { ContentLength: 10 })).rejects.toMatchObject({
      name: 'InvalidChunkSizeError',
    });
    expect(filesOf(harness)).toEqual([]);
  });

  it.each([6, 8])('of 7 bytes that is said to have %d is refused', async (length) => {
    const answer = await sendRaw(harness, {
      method: 'PUT',
      path: `/${Bucket}/a`,
      headers: { 'x-amz-decoded-content-length': String(length) },
      payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      body: '7\r\ncontent\r\n0\r\n\r\n',
    });
    expect(answer).toMatchObject({ status: 400, code: 'IncompleteBody' });
    expect(filesOf(harness)).toEqual([]);
  });

  it.each([
    ['5 GiB', 5 * 1024 ** 3 + 1],
    ['anything', 2 ** 60],
  ])('of more than %s is refused before it is read', async (_, length) => {
    const headers = { 'x-amz-decoded-content-length': String(length) };
    const payloadHash = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
    const answer = await sendRaw(harness, { method: 'PUT', path: `/${Bucket}/a`, headers, payloadHash });
    expect(answer).toMatchObject({ status: 400, code: 'EntityTooLarge' });
  });
});

describe('an object', () => {
  it('keeps its headers and metadata', async () => {
    const settings = {
      ContentType: 'video/mp4',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a b.mp4"',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Metadata: { title: 'a  title', 'with-dash': '1' },
      StorageClass: 'STANDARD_IA' as const,
    };
    await put(harness, 'a', Readable.from(['content']), {
      ...settings,
      ContentLength: 7,
      ACL: 'public-read',
      Expires: new Date('2030-01-01T00:00:00Z'),
    });
    for (const Command of [GetObjectCommand, HeadObjectCommand]) {
      const object = await harness.client.send(new Command({ Bucket, Key: 'a' }));
      expect(object).toMatchObject(settings);
      expect(object.ExpiresString).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
    }
  });

  it('does not keep the encoding of its upload', async () => {
    await put(harness, 'a', Readable.from(['content']), { ContentLength: 7 });
    expect((await get('a')).ContentEncoding).toBeUndefined();
  });

  it('in the standard class does not show it', async () => {
    await put(harness, 'a', 'content', { StorageClass: 'STANDARD' });
    expect((await get('a')).StorageClass).toBeUndefined();
  });

  it('replaces the one before, headers and all', async () => {
    await put(harness, 'a', 'old', { ContentType: 'text/plain', Metadata: { old: '1' } });
    await put(harness, 'a', 'new', { ContentType: 'text/html' });
    const { Body, ContentType, Metadata } = await get('a');
    expect([await Body?.transformToString(), ContentType, Metadata]).toEqual(['new', 'text/html', {}]);
    expect(filesOf(harness)).toHaveLength(1);
  });

  it('is gone when it is deleted, and can be deleted again', async () => {
    await put(harness, 'a');
    for (const _ of ['once', 'twice']) {
      const { $metadata } = await harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      expect($metadata.httpStatusCode).toBe(204);
    }
    await expect(get('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(filesOf(harness)).toEqual([]);
  });

  it.each([
    ['InvalidStorageClass', { StorageClass: 'COLD' as 'GLACIER' }],
    ['MetadataTooLarge', { Metadata: { long: 'x'.repeat(2045) } }],
  ])('is refused: %s', async (name, input) => {
    await expect(put(harness, 'a', 'content', input)).rejects.toMatchObject({ name });
    expect(filesOf(harness)).toEqual([]);
  });
});
