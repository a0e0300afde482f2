import { PassThrough, Readable } from 'node:stream';
import { NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PieceStoreError, StoredPiece } from '../../services/stored-piece.ts';
import { Bucket, put, useS3 } from '../local/s3/harness.ts';
import { clientThatAnswers, hungUp } from '../support/answering-client.ts';

const s3 = useS3();
const { signal } = new AbortController();
const clients: S3Client[] = [];
const waits: number[] = [];
const retry = {
  attempts: 3,
  wait: async (failures: number) => {
    waits.push(failures);
  },
};

beforeEach(async () => {
  waits.length = 0;
  await put(s3, 'piece', '0123456789');
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

interface Words {
  readonly client?: S3Client;
  readonly key?: string;
  readonly etag?: string;
  readonly signal?: AbortSignal;
}

async function read(start: number, end: number, words: Words = {}): Promise<string> {
  const { client = s3.client, key = 'piece', etag, signal: ending = signal } = words;
  const piece = new StoredPiece({ client, object: { Bucket, Key: key, IfMatch: etag }, retry });
  const chunks = await Readable.from(piece.read(start, end, ending)).toArray();
  return Buffer.concat(chunks).toString();
}

/** A client that gets what is made of each answer, with the ranges that it has asked for. */
function clientOfAnswers(other: (content: Buffer) => Readable) {
  const ranges: (string | undefined)[] = [];
  const client = clientThatAnswers(s3.server.url, async (body, { Range }) => {
    ranges.push(Range);
    return other(Buffer.concat(await body.toArray()));
  });
  clients.push(client);
  return { client, ranges };
}

/** The first bytes of a content, and then the end of the connection, unless there are no more. */
function cutAfter(bytes: number, content: Buffer): Readable {
  const body = new PassThrough();
  body.write(content.subarray(0, bytes), () => {
    if (content.length > bytes) hungUp(body);
    else body.end();
  });
  return body;
}

describe('a part of a piece', () => {
  it.each<[string, number, number, string]>([
    ['all of it', 0, 10, '0123456789'],
    ['its middle', 3, 6, '345'],
    ['its last byte', 9, 10, '9'],
    ['nothing', 4, 4, ''],
  ])('is read: %s', async (_, start, end, expected) => {
    expect(await read(start, end)).toBe(expected);
  });

  it('is of the version that was described, or refused', async () => {
    const { ETag: etag } = await put(s3, 'piece', '0123456789');
    expect(await read(3, 6, { etag })).toBe('345');
    await put(s3, 'piece', 'another one');
    await expect(read(3, 6, { etag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(waits).toEqual([]);
  });

  it('of a piece that is not there is refused at once', async () => {
    await expect(read(0, 1, { key: 'none' })).rejects.toThrow(NoSuchKey);
    expect(waits).toEqual([]);
  });

  it('has no byte more than was asked for, whatever the server sends', async () => {
    const { client } = clientOfAnswers(() => Readable.from([Buffer.from('34'), Buffer.from('56789')]));
    expect(await read(3, 6, { client })).toBe('345');
  });
});

describe('a read that is cut', () => {
  it('goes on where it stopped, as often as something comes', async () => {
    const { client, ranges } = clientOfAnswers((content) => cutAfter(2, content));
    expect(await read(1, 10, { client })).toBe('123456789');
    expect(ranges).toEqual(['bytes=1-9', 'bytes=3-9', 'bytes=5-9', 'bytes=7-9', 'bytes=9-9']);
    expect(waits).toEqual([1, 1, 1, 1]);
  });

  it.each<[string, (content: Buffer) => Readable]>([
    ['are cut before the first byte', (content) => cutAfter(0, content)],
    ['hold nothing', () => Readable.from([])],
  ])('ends after some answers that %s', async (_, other) => {
    const { client, ranges } = clientOfAnswers(other);
    await expect(read(1, 10, { client })).rejects.toThrow(PieceStoreError);
    expect(ranges).toHaveLength(3);
    expect(waits).toEqual([1, 2]);
  });

  it('ends when it is told to, while nothing comes', async () => {
    const ending = new AbortController();
    const { client } = clientOfAnswers(() => {
      setImmediate(() => ending.abort(new Error('enough')));
      return new PassThrough();
    });
    await expect(read(1, 10, { client, signal: ending.signal })).rejects.toThrow('enough');
  });
});
