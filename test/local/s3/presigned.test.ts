import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { beforeEach, describe, expect, it } from 'vitest';
import { Bucket, clientOf, credentials, filesOf, put, read, send, useS3 } from './harness.ts';

const harness = useS3();
const week = 7 * 24 * 3600;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const codeOf = async (response: Response) => /<Code>(.*)<\/Code>/.exec(await response.text())?.[1];
const getUrl = (options: { expiresIn?: number; signingDate?: Date } = {}) =>
  getSignedUrl(harness.client, new GetObjectCommand({ Bucket, Key: 'a' }), options);

describe('a URL to read', () => {
  beforeEach(() => put(harness, 'a', 'content', { ContentType: 'text/plain' }));

  it('needs no other permission', async () => {
    const response = await fetch(await getUrl());
    expect([response.status, await response.text()]).toEqual([200, 'content']);
  });

  it('gives ranges', async () => {
    const response = await fetch(await getUrl(), { headers: { range: 'bytes=1-3' } });
    expect([response.status, await response.text()]).toEqual([206, 'ont']);
  });

  it('may say under which name and type', async () => {
    const input = {
      Bucket,
      Key: 'a',
      ResponseContentType: 'video/mp4',
      ResponseContentDisposition: 'inline',
    };
    const response = await fetch(await getSignedUrl(harness.client, new GetObjectCommand(input)));
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(response.headers.get('content-disposition')).toBe('inline');
  });

  it.each<[string, { expiresIn?: number; signingDate?: Date }, number, string | undefined]>([
    ['lives for a week', { expiresIn: week, signingDate: ago(week - 60) }, 200, undefined],
    ['has expired', { expiresIn: 60, signingDate: ago(61) }, 403, 'Request has expired'],
    ['has expired after a week', { expiresIn: week, signingDate: ago(week + 1) }, 403, 'Request has expired'],
    ['is not yet valid', { signingDate: ago(-16 * 60) }, 403, 'Request is not yet valid'],
  ])('%s', async (_, options, status, message) => {
    const response = await fetch(await getUrl(options));
    expect(response.status).toBe(status);
    const text = await response.text();
    if (message !== undefined)
      expect(text).toContain(`<Code>AccessDenied</Code><Message>${message}</Message>`);
  });

  it.each<[string, (url: string) => string, string]>([
    ['another key', (url) => url.replace('/a?', '/b?'), 'SignatureDoesNotMatch'],
    ['a longer life', (url) => url.replace('Expires=900', 'Expires=901'), 'SignatureDoesNotMatch'],
    ['a parameter more', (url) => `${url}&response-expires=0`, 'SignatureDoesNotMatch'],
    ['eight days', (url) => url.replace('=900', `=${week + 1}`), 'AuthorizationQueryParametersError'],
    ['a negative life', (url) => url.replace('=900', '=-1'), 'AuthorizationQueryParametersError'],
    ['no life', (url) => url.replace('X-Amz-Expires=900', ''), 'AuthorizationQueryParametersError'],
    ['no algorithm', (url) => url.replace(/X-Amz-Algorithm=[^&]*&/, ''), 'AccessDenied'],
    [
      'another algorithm',
      (url) => url.replace('AWS4-HMAC', 'AWS4-ECDSA'),
      'AuthorizationQueryParametersError',
    ],
    ['another region', (url) => url.replace('us-east-1', 'us-east-2'), 'AuthorizationQueryParametersError'],
    ['another key id', (url) => url.replace('=local', '=other'), 'InvalidAccessKeyId'],
  ])('is refused with %s', async (_, change, code) => {
    const url = await getUrl();
    const changed = change(url);
    expect(changed).not.toBe(url);
    expect(await codeOf(await fetch(changed))).toBe(code);
  });

  it('is refused when another secret signed it', async () => {
    const client = clientOf(harness.server.url, { credentials: { ...credentials, secretAccessKey: 'x' } });
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(await codeOf(await fetch(url))).toBe('SignatureDoesNotMatch');
  });

  it('does not let write', async () => {
    expect(await codeOf(await fetch(await getUrl(), { method: 'DELETE' }))).toBe('SignatureDoesNotMatch');
    const url = await getSignedUrl(harness.client, new HeadObjectCommand({ Bucket, Key: 'a' }));
    const response = await fetch(url, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '7']);
  });
});

describe('a URL to write', () => {
  const client = () => clientOf(harness.server.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  const putUrl = (input: Partial<PutObjectCommandInput> = {}, options = {}) =>
    getSignedUrl(client(), new PutObjectCommand({ Bucket, Key: 'a', ...input }), options);

  it('takes any body, and the settings that are in it', async () => {
    const url = await putUrl({ Metadata: { title: 'x y' }, StorageClass: 'STANDARD_IA' });
    const response = await fetch(url, { method: 'PUT', body: 'content', headers: { 'content-type': 'a/b' } });
    expect(response.status).toBe(200);
    const object = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(object).toMatchObject({
      ContentType: 'a/b',
      Metadata: { title: 'x y' },
      StorageClass: 'STANDARD_IA',
    });
    expect(await object.Body?.transformToString()).toBe('content');
  });

  it('has expired', async () => {
    const url = await putUrl({}, { expiresIn: 60, signingDate: ago(61) });
    const response = await fetch(url, { method: 'PUT', body: 'content' });
    expect(await response.text()).toContain('Request has expired');
    expect(filesOf(harness)).toEqual([]);
  });

  it('that a default client has signed wants the empty body whose checksum it carries, as with S3', async () => {
    const url = await getSignedUrl(harness.client, new PutObjectCommand({ Bucket, Key: 'a' }));
    expect(await codeOf(await fetch(url, { method: 'PUT', body: 'content' }))).toBe('BadDigest');
    expect((await fetch(url, { method: 'PUT', body: '' })).status).toBe(200);
  });

  it('does not let a client add settings', async () => {
    const headers = { 'x-amz-acl': 'public-read' };
    const response = await fetch(await putUrl(), { method: 'PUT', body: 'content', headers });
    expect(await codeOf(response)).toBe('AccessDenied');
  });
});

describe('a web page', () => {
  const origin = 'https://example.com';
  const presign = async (command: GetObjectCommand | PutObjectCommand | DeleteObjectCommand) => {
    const client = clientOf(harness.server.url, { requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(client, command as GetObjectCommand);
    return url.replace(harness.server.url, '');
  };

  it('may read and write at presigned URLs', async () => {
    const input = { Bucket, Key: 'a' };
    const written = await send(
      harness.server,
      { method: 'PUT', path: await presign(new PutObjectCommand(input)), headers: { origin } },
      'content',
    );
    const path = await presign(new GetObjectCommand(input));
    const got = await send(harness.server, { path, headers: { origin } });
    expect([written.status, got.status, got.text]).toEqual([200, 200, 'content']);
    for (const { headers } of [written, got])
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': '*',
      });
  });

  it('may ask before it writes', async () => {
    const path = await presign(new PutObjectCommand({ Bucket, Key: 'a' }));
    const headers = {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    };
    const answer = await send(harness.server, { method: 'OPTIONS', path, headers });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, PUT',
      'access-control-allow-headers': 'content-type',
    });
  });

  it.each<[string, () => Promise<{ method?: string; path: string; headers?: Record<string, string> }>]>([
    ['anonymously', async () => ({ path: `/${Bucket}/a` })],
    [
      'to delete',
      async () => ({ method: 'DELETE', path: await presign(new DeleteObjectCommand({ Bucket, Key: 'a' })) }),
    ],
    ['before it asks anonymously', async () => ({ method: 'OPTIONS', path: `/${Bucket}/a` })],
    [
      'before it deletes',
      async () => ({
        method: 'OPTIONS',
        path: await presign(new DeleteObjectCommand({ Bucket, Key: 'a' })),
        headers: { 'access-control-request-method': 'DELETE' },
      }),
    ],
  ])('is refused %s', async (_, make) => {
    await put(harness, 'a');
    const { headers = {}, ...request } = await make();
    const answer = await send(harness.server, { ...request, headers: { ...headers, origin } });
    expect(answer).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(answer.message).toContain('does not answer web pages');
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(await read(harness, 'a')).toBe('content');
  });
});
