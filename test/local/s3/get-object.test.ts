import { GetObjectCommand, type GetObjectCommandInput, HeadObjectCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { Bucket, put, sendRaw, useS3 } from './harness.ts';

const harness = useS3();
const path = `/${Bucket}/a`;
let ETag: string;
let lastModified: Date;

beforeEach(async () => {
  ({ ETag = '' } = await put(harness, 'a', '0123456789'));
  const head = await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
  lastModified = head.LastModified ?? new Date(0);
});

describe('a range', () => {
  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-4', '4', 'bytes 4-4/10'],
    ['bytes=5-', '56789', 'bytes 5-9/10'],
    ['bytes=5-100', '56789', 'bytes 5-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
    ['bytes=0-', '0123456789', 'bytes 0-9/10'],
  ])('%s', async (Range, text, ContentRange) => {
    const { Body, ...object } = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'a', Range }));
    expect(object).toMatchObject({ ContentRange, ContentLength: text.length, AcceptRanges: 'bytes', ETag });
    expect(object.$metadata.httpStatusCode).toBe(206);
    expect(await Body?.transformToString()).toBe(text);
    const head = await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'a', Range }));
    expect(head).toMatchObject({
      ContentRange,
      ContentLength: text.length,
      $metadata: { httpStatusCode: 206 },
    });
  });

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('%s has no byte of it', async (Range) => {
    await expect(
      harness.client.send(new GetObjectCommand({ Bucket, Key: 'a', Range })),
    ).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
    const { headers } = await sendRaw(harness, { path, headers: { range: Range } });
    expect(headers['content-range']).toBe('bytes */10');
  });

  it.each(['bytes=0-', 'bytes=-1'])('%s of an empty object has no byte of it', async (Range) => {
    await put(harness, 'empty', '');
    const answer = await sendRaw(harness, { path: `/${Bucket}/empty`, headers: { range: Range } });
    expect(answer).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */0' } });
  });

  it.each(['bytes=3-1', 'bytes=-', 'bytes=a-b', 'lines=0-1', 'bytes=0-1,3-4'])(
    '%s is none, and gets the whole',
    async (range) => {
      expect(await sendRaw(harness, { path, headers: { range } })).toMatchObject({
        status: 200,
        text: '0123456789',
      });
    },
  );

  it.each<[string, () => string, number]>([
    ['the object', () => ETag, 206],
    ['its date', () => lastModified.toUTCString(), 206],
    ['another object', () => '"other"', 200],
    ['another date', () => new Date(0).toUTCString(), 200],
  ])('that goes with If-Range and %s', async (_, validator, status) => {
    const headers = { range: 'bytes=0-0', 'if-range': validator() };
    expect(await sendRaw(harness, { path, headers })).toMatchObject({ status });
  });
});

describe('a condition', () => {
  const at = (seconds: number) => new Date(lastModified.getTime() + seconds * 1000);
  type Conditions = Omit<GetObjectCommandInput, 'Bucket' | 'Key'>;

  it.each<[number, string, () => Conditions]>([
    [200, 'If-Match', () => ({ IfMatch: ETag })],
    [200, 'If-Match without quotes', () => ({ IfMatch: ETag.replaceAll('"', '') })],
    [200, 'If-Match, one of many', () => ({ IfMatch: `"other", ${ETag}` })],
    [200, 'If-Match, any', () => ({ IfMatch: '*' })],
    [412, 'If-Match, another', () => ({ IfMatch: '"other"' })],
    [412, 'If-Match, another, with a bad range', () => ({ IfMatch: '"other"', Range: 'bytes=99-' })],
    [304, 'If-None-Match', () => ({ IfNoneMatch: ETag })],
    [304, 'If-None-Match, weakly', () => ({ IfNoneMatch: `W/${ETag}` })],
    [304, 'If-None-Match, any', () => ({ IfNoneMatch: '*' })],
    [200, 'If-None-Match, another', () => ({ IfNoneMatch: '"other"' })],
    [304, 'If-Modified-Since now', () => ({ IfModifiedSince: at(0) })],
    [200, 'If-Modified-Since before', () => ({ IfModifiedSince: at(-1) })],
    [200, 'If-Unmodified-Since now', () => ({ IfUnmodifiedSince: at(0) })],
    [412, 'If-Unmodified-Since before', () => ({ IfUnmodifiedSince: at(-1) })],
    [200, 'If-Match outweighs If-Unmodified-Since', () => ({ IfMatch: ETag, IfUnmodifiedSince: at(-1) })],
    [
      304,
      'If-None-Match outweighs If-Modified-Since',
      () => ({ IfNoneMatch: ETag, IfModifiedSince: at(-1) }),
    ],
    [200, 'and the other way round', () => ({ IfNoneMatch: '"other"', IfModifiedSince: at(0) })],
    [412, 'If-Match comes first', () => ({ IfMatch: '"other"', IfNoneMatch: ETag })],
  ])('%d: %s', async (status, _, make) => {
    for (const Command of [GetObjectCommand, HeadObjectCommand]) {
      const sent = harness.client.send(new Command({ Bucket, Key: 'a', ...make() }));
      if (status === 200) await sent;
      else await expect(sent).rejects.toMatchObject({ $metadata: { httpStatusCode: status } });
    }
  });

  it('of an object that the client has is answered without a body', async () => {
    const answer = await sendRaw(harness, { path, headers: { 'if-none-match': ETag } });
    expect(answer).toMatchObject({ status: 304, text: '', headers: { etag: ETag } });
    expect(answer.headers['last-modified']).toBe(lastModified.toUTCString());
  });

  it('that does not hold is named', async () => {
    const answer = await sendRaw(harness, { path, headers: { 'if-match': '"other"' } });
    expect(answer).toMatchObject({ status: 412, code: 'PreconditionFailed' });
  });
});

it('a date is a whole second, so that clients may send it back', () => {
  expect(lastModified.getMilliseconds()).toBe(0);
  expect(Math.abs(Date.now() - lastModified.getTime())).toBeLessThan(60_000);
});

it('an answer may have other headers than the object', async () => {
  const overrides = {
    ResponseCacheControl: 'no-store',
    ResponseContentDisposition: 'attachment',
    ResponseContentEncoding: 'x',
    ResponseContentLanguage: 'fr',
    ResponseContentType: 'text/x',
    ResponseExpires: new Date('2030-01-01T00:00:00Z'),
  };
  const object = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'a', ...overrides }));
  expect(object).toMatchObject({
    CacheControl: 'no-store',
    ContentDisposition: 'attachment',
    ContentEncoding: 'x',
    ContentLanguage: 'fr',
    ContentType: 'text/x',
    ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT',
  });
});
