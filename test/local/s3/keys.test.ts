import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import { Bucket, filesOf, put, read, send, useS3 } from './harness.ts';

const harness = useS3();

describe('a key is data, never a path', () => {
  it.each([
    ['../../etc/passwd'],
    ['..'],
    ['a//b'],
    ['//a'],
    ['a/'],
    ['/'],
    ['./a/./b/..'],
    ['%2e'],
    ['%2e%2e%2f'],
    ['a%20b'],
    ['a b+c'],
    ["!'()*~-._"],
    ['?acl&uploads='],
    ['#fragment'],
    ['$@:;,=[]{}|^`"<>\\'],
    ['ключ/日本語/🎬.mp4'],
    ['e\u0301 is not \u00e9'],
    ['line\nfeed\ttab'],
    ['constructor'],
    ['__proto__'],
    ['upload.json'],
    ['x'.repeat(1024)],
    ['é'.repeat(512)],
    ['/'.repeat(1024)],
  ])('%j', async (Key) => {
    await put(harness, Key, Key);
    expect(await read(harness, Key)).toBe(Key);
    const listing = new ListObjectsV2Command({ Bucket, EncodingType: 'url' });
    const { Contents = [] } = await harness.client.send(listing);
    expect(Contents.map((each) => decodeURIComponent(each.Key ?? ''))).toEqual([Key]);
    expect(filesOf(harness)).toEqual([expect.stringMatching(/^\/buckets\/videos\/[\da-f]{64}$/)]);

    const url = await getSignedUrl(harness.client, new GetObjectCommand({ Bucket, Key }));
    const answer = await send(harness.server, { path: url.replace(harness.server.url, '') });
    expect(answer).toMatchObject({ status: 200, text: Key });
    await harness.client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(filesOf(harness)).toEqual([]);
  });

  it.each([['x'.repeat(1025)], [`${'é'.repeat(512)}x`]])('of 1025 bytes is too long (%#)', async (Key) => {
    await expect(put(harness, Key)).rejects.toMatchObject({ name: 'KeyTooLongError' });
    await expect(read(harness, Key)).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  it('and its letters are not folded', async () => {
    await put(harness, 'A', 'upper');
    await put(harness, 'a', 'lower');
    expect([await read(harness, 'A'), await read(harness, 'a')]).toEqual(['upper', 'lower']);
    await expect(harness.client.send(new HeadObjectCommand({ Bucket, Key: 'a/' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });
});
