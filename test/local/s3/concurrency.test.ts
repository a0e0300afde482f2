import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it, vi } from 'vitest';
import { Bucket, clientOf, filesOf, put, type RawRequest, read, signRaw, useS3 } from './harness.ts';

const harness = useS3();
const size = 4 * 1024 ** 2;
const waitFor = (condition: () => void) => vi.waitFor(condition, { timeout: 10_000, interval: 10 });

/** An upload that waits for the rest of its bytes. */
async function begin(content: string) {
  const Body = new PassThrough();
  const controller = new AbortController();
  const before = filesOf(harness).length;
  const half = Buffer.alloc(size / 2, content);
  const command = new PutObjectCommand({ Bucket, Key: 'a', Body, ContentLength: size });
  const sent = harness.client.send(command, { abortSignal: controller.signal });
  Body.write(half);
  await waitFor(() => expect(filesOf(harness)).toHaveLength(before + 1));
  return { finish: () => Body.end(half), fail: () => controller.abort(), sent };
}

describe('two writers of one key', () => {
  it('do not disturb each other, and the last to be done wins', async () => {
    const [first, second] = [await begin('1'), await begin('2')];
    second.finish();
    await second.sent;
    expect(await read(harness, 'a')).toBe('2'.repeat(size));
    first.finish();
    await first.sent;
    expect(await read(harness, 'a')).toBe('1'.repeat(size));
    expect(filesOf(harness)).toHaveLength(1);
  });

  it('leave one whole object, however many they are', async () => {
    const digits = [...'0123456789'];
    await Promise.all(digits.map((digit) => put(harness, 'a', digit.repeat(100_000))));
    expect(await read(harness, 'a')).toMatch(/^(\d)\1{99999}$/);
    expect(filesOf(harness)).toHaveLength(1);
  });
});

describe('a reader that has begun', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['replaced', () => put(harness, 'a', 'new')],
    ['deleted', () => harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))],
  ])('reads on when the object is %s', async (_, change) => {
    await put(harness, 'a', 'x'.repeat(8 * size));
    const { Body } = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    await change();
    expect(await Body?.transformToString()).toBe('x'.repeat(8 * size));
  });

  it('and stops, does no harm', async () => {
    await put(harness, 'a', 'x'.repeat(8 * size));
    const controller = new AbortController();
    const url = await getSignedUrl(harness.client, new GetObjectCommand({ Bucket, Key: 'a' }));
    const response = await fetch(url, { signal: controller.signal });
    controller.abort();
    await expect(response.text()).rejects.toThrow();
    await put(harness, 'a', 'new');
    expect(await read(harness, 'a')).toBe('new');
  });
});

describe('an upload that is cut', () => {
  it('by its sender leaves nothing', async () => {
    const { sent, fail } = await begin('x');
    fail();
    await expect(sent).rejects.toThrow();
    await waitFor(() => expect(filesOf(harness)).toEqual([]));
  });

  it('on its way leaves nothing', async () => {
    const client = clientOf(harness.server.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'a' }));
    const sent = httpRequest(url, { method: 'PUT', headers: { 'content-length': size } });
    sent.on('error', () => {});
    sent.write('the first bytes');
    await waitFor(() => expect(filesOf(harness)).toHaveLength(1));
    sent.destroy();
    await waitFor(() => expect(filesOf(harness)).toEqual([]));
  });

  it('by the end of the server leaves nothing', async () => {
    const { sent } = await begin('x');
    const refused = expect(sent).rejects.toThrow();
    await waitFor(() => expect(filesOf(harness)).toHaveLength(1));
    await harness.server.close();
    expect(filesOf(harness)).toEqual([]);
    await refused;
  });
});

it.each<[string, RawRequest]>([
  ['AccessDenied', { unsigned: { 'x-amz-acl': 'private' } }],
  ['NoSuchKey', { method: 'GET' }],
  ['IncompleteBody', { payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }],
])('a connection is good for another request after %s, whatever body came with it', async (code, request) => {
  const path = `/${Bucket}/a`;
  const raw = {
    method: 'PUT',
    path,
    headers: { 'content-length': String(size), 'x-amz-decoded-content-length': '1' },
    body: Buffer.alloc(size),
    ...request,
  };
  const { headers, body } = signRaw(harness.server, raw);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const connection = connect(harness.server.port, '127.0.0.1');
  connection.write(`${raw.method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  connection.write(body);
  connection.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  const answers = await text(connection);
  expect(answers.match(/(?<=<Code>)\w+/g)).toEqual([code, 'AccessDenied']);
});
