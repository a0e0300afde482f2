import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../../domain/errors.ts';
import type { Credentials, Destination } from '../../../domain/request/destination.ts';
import { checkDestination } from '../../../services/destination/check-destination.ts';
import { Bucket, filesOf, put, read, useS3 } from '../../local/s3/harness.ts';
import { anywhere, creds, destinationAt } from './destinations.ts';
import { refusal, useFakeS3 } from './fake-s3.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('S3', () => {
  const harness = useS3();

  it('would take the file, and keeps nothing of the check', async () => {
    const warn = vi.spyOn(console, 'warn');
    const before = filesOf(harness);
    expect(await checkDestination(destinationAt(harness.server.url), creds, 'a/b.mp4', anywhere)).toBe(true);
    const { KeyCount } = await harness.client.send(new ListObjectsV2Command({ Bucket }));
    expect(KeyCount).toBe(0);
    expect(filesOf(harness)).toEqual(before);
    expect(warn).not.toHaveBeenCalled();
  });

  it('keeps a file that has the key already', async () => {
    await put(harness, 'a/b.mp4', 'of yesterday');
    expect(await checkDestination(destinationAt(harness.server.url), creds, 'a/b.mp4', anywhere)).toBe(true);
    expect(await read(harness, 'a/b.mp4')).toBe('of yesterday');
  });

  it.each<[string, Partial<Destination>, Partial<Credentials>, string]>([
    [
      'an access key that it does not know',
      {},
      { access_key_id: 'AKIANOBODY' },
      'The access key id is not known; check destination.creds.access_key_id.',
    ],
    [
      "a secret that is not the key's",
      {},
      { secret_access_key: 'guessed' },
      'The secret access key does not belong to the access key id; check destination.creds.secret_access_key.',
    ],
    [
      'a bucket that is not there',
      { bucket: 'nowhere' },
      {},
      'There is no bucket nowhere; check destination.bucket, or create it.',
    ],
    [
      'another region',
      { region: 'eu-west-1' },
      {},
      'The bucket videos is in another region; set destination.region to it.',
    ],
  ])('refuses %s', async (_, words, keys, message) => {
    const checked = checkDestination(
      destinationAt(harness.server.url, words),
      { ...creds, ...keys },
      'a.mp4',
      anywhere,
    );
    await expect(checked).rejects.toMatchObject({ code: 'destination_denied', message });
  });
});

describe('a store', () => {
  const start = useFakeS3();
  const check = (endpoint: string, options = {}) =>
    checkDestination(destinationAt(endpoint), creds, 'a.mp4', { ...anywhere, ...options });

  it.each<[string, number, ErrorCode, string, number]>([
    [
      'AccessDenied',
      403,
      'destination_denied',
      'The credentials may not write to the bucket videos; allow them s3:PutObject on the keys of dest_path.',
      1,
    ],
    [
      'PermanentRedirect',
      301,
      'destination_denied',
      'The bucket videos is in another region; set destination.region to it.',
      1,
    ],
    [
      'ExpiredToken',
      400,
      'destination_denied',
      'The session token has expired; send new credentials in destination.creds.',
      1,
    ],
    [
      'InternalError',
      500,
      'destination_unreachable',
      'The bucket videos could not be reached; check destination.region and endpoint, or try again.',
      3,
    ],
  ])('that answers %s is asked as often as it makes sense', async (name, status, code, message, times) => {
    const store = await start(refusal(status, name));
    await expect(check(store.url)).rejects.toMatchObject({ code, message });
    expect(store.requests).toHaveLength(times);
  });

  it.each(['BadDigest', 'InvalidDigest', 'XAmzContentChecksumMismatch'])(
    'that refuses nothing but the digest, as %s, would take the file',
    async (name) => {
      const store = await start(refusal(400, name));
      expect(await check(store.url)).toBe(true);
    },
  );

  it('is asked with all that the upload will say, and with no byte', async () => {
    const store = await start(refusal(400, 'BadDigest'));
    const words = { acl: 'private', storage_class: 'GLACIER_IR', cache_control: 'max-age=60' } as const;
    await checkDestination(
      destinationAt(store.url, words),
      { ...creds, session_token: 'token' },
      'a b/ü.mp4',
      anywhere,
    );
    expect(store.requests).toMatchObject([
      {
        method: 'PUT',
        path: '/videos/a%20b/%C3%BC.mp4?x-id=PutObject',
        body: '',
        headers: {
          'content-length': '0',
          'content-type': 'video/mp4',
          'cache-control': 'max-age=60',
          'x-amz-acl': 'private',
          'x-amz-storage-class': 'GLACIER_IR',
          'x-amz-security-token': 'token',
        },
      },
    ]);
  });

  it('that does not answer in time settles nothing', async () => {
    const store = await start(() => {});
    expect(await check(store.url, { timeoutMs: 50 })).toBe(false);
    expect(store.requests).toHaveLength(1);
  });

  it.each<[string, Parameters<typeof start>[0]]>([
    ['is a web server', (_, response) => response.writeHead(404).end('<!doctype html><p>Not found')],
    ['hangs up', (request) => request.socket.destroy()],
  ])('that %s is no store', async (_, answer) => {
    const store = await start(answer);
    await expect(check(store.url)).rejects.toMatchObject({ code: 'destination_unreachable' });
  });

  it('that is not there cannot be reached', async () => {
    const { url, close } = await start(() => {});
    await close();
    await expect(check(url)).rejects.toMatchObject({
      code: 'destination_unreachable',
      message: 'The bucket videos could not be reached; check destination.region and endpoint, or try again.',
    });
  });
});
