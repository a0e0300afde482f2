import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type ChecksumAlgorithm,
  GetObjectCommand,
  HeadObjectCommand,
  type PutObjectCommandInput,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../../local/s3/checksums.ts';
import { sha256, signText } from '../../../local/s3/sigv4.ts';
import { Bucket, clientOf, credentials, filesOf, put, read, sendRaw, useS3 } from './harness.ts';

const harness = useS3();
const content = 'content '.repeat(20_000);
const ContentLength = content.length;
const algorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
const md5 = (text: string) => createHash('md5').update(text).digest('base64');

/** From https://reveng.sourceforge.io/crc-catalogue/all.htm and FIPS 180: what each makes of "123456789". */
it.each([
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
  ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
] as const)('%s of a known text, in pieces', (algorithm, digest) => {
  const hasher = createHasher(algorithm);
  for (const piece of ['1234', '', '56789']) hasher.update(Buffer.from(piece));
  expect(hasher.digest().toString('hex')).toBe(digest);
});

describe.each(algorithms)('%s', (algorithm) => {
  const member = `Checksum${algorithm}` as const;
  const ChecksumAlgorithm: ChecksumAlgorithm = algorithm;

  it.each([
    ['a header', () => content],
    ['a trailer', () => Readable.from([content])],
  ])('in %s is checked, kept and given back', async (_, make) => {
    const stored = await put(harness, 'a', make(), { ContentLength, ChecksumAlgorithm });
    const value = stored[member];
    expect(value).toMatch(/=$/);
    expect(stored.ChecksumType).toBe('FULL_OBJECT');
    const input = { Bucket, Key: 'a', ChecksumMode: 'ENABLED' as const };
    const head = await harness.client.send(new HeadObjectCommand(input));
    expect(head).toMatchObject({ [member]: value, ChecksumType: 'FULL_OBJECT' });
    const object = await harness.client.send(new GetObjectCommand(input));
    expect(object[member]).toBe(value);
    // The SDK compares what it reads with it.
    expect(await object.Body?.transformToString()).toBe(content);
  });

  it('that is wrong is refused', async () => {
    const value = createHasher(algorithm).digest().toString('base64');
    const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
    const refusal = {
      status: 400,
      code: 'BadDigest',
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
    };
    const request = { method: 'PUT', path: `/${Bucket}/a` };
    expect(await sendRaw(harness, { ...request, body: 'x', headers: { [name]: value } })).toMatchObject(
      refusal,
    );
    const answer = await sendRaw(harness, {
      ...request,
      headers: { 'x-amz-decoded-content-length': '1', 'x-amz-trailer': name },
      payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      sign: () => `1\r\nx\r\n0\r\n${name}:${value}\r\n\r\n`,
    });
    expect(answer).toMatchObject(refusal);
    expect(filesOf(harness)).toEqual([]);
  });

  it('that cannot be one is refused', async () => {
    for (const value of ['', 'x', 'AAAA', `${createHasher(algorithm).digest().toString('base64')}AAAA`]) {
      const headers = { [`x-amz-checksum-${algorithm.toLowerCase()}`]: value };
      const answer = await sendRaw(harness, { method: 'PUT', path: `/${Bucket}/a`, headers, body: 'x' });
      expect(answer, value).toMatchObject({ status: 400, code: 'InvalidRequest' });
    }
  });
});

describe('a checksum', () => {
  it('is not shown to who does not ask for it, nor with a range', async () => {
    await put(harness, 'a', content, { ChecksumAlgorithm: 'SHA256' });
    const shown = async (input: { ChecksumMode?: 'ENABLED'; Range?: string }) =>
      (await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'a', ...input }))).ChecksumSHA256;
    expect(await shown({ ChecksumMode: 'ENABLED' })).toBeDefined();
    expect(await shown({ ChecksumMode: 'ENABLED', Range: 'bytes=0-9' })).toBeUndefined();
    expect(await shown({})).toBeUndefined();
  });

  it('may be of no interest to the client', async () => {
    await put(harness, 'a');
    const client = clientOf(harness.server.url, { responseChecksumValidation: 'WHEN_REQUIRED' });
    expect(await read({ client }, 'a')).toBe('content');
  });

  it.each<[string, string, Record<string, string>]>([
    [
      'InvalidRequest',
      'of two kinds',
      { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc32c': 'AAAAAA==' },
    ],
    ['InvalidRequest', 'that is only announced', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }],
    ['NotImplemented', 'of another kind', { 'x-amz-checksum-sha512': 'AAAA' }],
    ['NotImplemented', 'of another kind in a trailer', { 'x-amz-trailer': 'x-amz-checksum-xxhash64' }],
    ['MalformedTrailerError', 'that does not come', { 'x-amz-trailer': 'x-amz-checksum-crc32' }],
  ])('is refused: %s for one %s', async (code, _, headers) => {
    const answer = await sendRaw(harness, { method: 'PUT', path: `/${Bucket}/a`, headers, body: 'x' });
    expect(answer.code).toBe(code);
    expect(filesOf(harness)).toEqual([]);
  });
});

describe('a SHA-256 of the payload', () => {
  it.each<[string, string, string]>([
    ['that is wrong', '0'.repeat(64), 'XAmzContentSHA256Mismatch'],
    ['that is none', 'x', 'InvalidArgument'],
    ['by another algorithm', 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', 'InvalidArgument'],
  ])('%s is refused', async (_, payloadHash, code) => {
    const answer = await sendRaw(harness, { method: 'PUT', path: `/${Bucket}/a`, body: 'x', payloadHash });
    expect(answer).toMatchObject({ status: 400, code });
    expect(filesOf(harness)).toEqual([]);
  });

  it('may be left out', async () => {
    const payloadHash = 'UNSIGNED-PAYLOAD';
    await sendRaw(harness, { method: 'PUT', path: `/${Bucket}/a`, body: 'content', payloadHash });
    expect(await read(harness, 'a')).toBe('content');
  });
});

describe('a write whose Content-MD5 is wrong on purpose tells whether one may write', () => {
  const probe = (input: Partial<PutObjectCommandInput> = {}, client = harness.client) =>
    put({ client }, 'probe', '', { ContentMD5: md5('something else'), ...input });

  it('by BadDigest, and leaves nothing behind', async () => {
    await expect(probe()).rejects.toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } });
    expect(filesOf(harness)).toEqual([]);
  });

  it('and does no harm to what is there', async () => {
    await put(harness, 'probe', 'precious');
    await expect(probe()).rejects.toMatchObject({ name: 'BadDigest' });
    expect(await read(harness, 'probe')).toBe('precious');
    expect(filesOf(harness)).toHaveLength(1);
  });

  it.each<[string, string, Partial<PutObjectCommandInput>, S3ClientConfig]>([
    ['NoSuchBucket', 'another bucket', { Bucket: 'none' }, {}],
    ['InvalidAccessKeyId', 'another key', {}, { credentials: { ...credentials, accessKeyId: 'other' } }],
    [
      'SignatureDoesNotMatch',
      'another secret',
      {},
      { credentials: { ...credentials, secretAccessKey: 'x' } },
    ],
    ['AuthorizationHeaderMalformed', 'another region', {}, { region: 'eu-central-1' }],
    ['KeyTooLongError', 'a long key', { Key: 'x'.repeat(1025) }, {}],
    ['NoSuchBucket', 'another bucket and a bad digest', { Bucket: 'none', ContentMD5: 'malformed' }, {}],
    ['InvalidDigest', 'a bad digest', { ContentMD5: 'malformed' }, {}],
    ['InvalidDigest', 'a short digest', { ContentMD5: 'AAAA' }, {}],
  ])('but first by %s for %s', async (name, _, input, config) => {
    await expect(probe(input, clientOf(harness.server.url, config))).rejects.toMatchObject({ name });
    expect(filesOf(harness)).toEqual([]);
  });

  it('and one that is right is taken', async () => {
    await put(harness, 'a', content, { ContentMD5: md5(content) });
    expect(await read(harness, 'a')).toBe(content);
  });
});

describe('chunks that are signed', () => {
  const trailer = 'x-amz-checksum-crc32';
  const value = createHasher('CRC32');
  value.update(Buffer.from('content'));
  const line = `${trailer}:${value.digest().toString('base64')}`;

  /** The body as a client signs it, and then `change` changes it. */
  const sendSigned = (withTrailer: boolean, change = (body: string) => body) =>
    sendRaw(harness, {
      method: 'PUT',
      path: `/${Bucket}/a`,
      headers: { 'x-amz-decoded-content-length': '7', ...(withTrailer && { 'x-amz-trailer': trailer }) },
      payloadHash: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${withTrailer ? '-TRAILER' : ''}`,
      sign: (context, seed) => {
        let previous = seed;
        const next = (kind: string, ...hashes: string[]) => {
          previous = signText(context, `AWS4-HMAC-SHA256-${kind}`, [previous, ...hashes.map(sha256)]);
          return previous;
        };
        const data = `7;chunk-signature=${next('PAYLOAD', '', 'content')}\r\ncontent\r\n`;
        const end = `0;chunk-signature=${next('PAYLOAD', '', '')}\r\n`;
        const trailers = withTrailer
          ? `${line}\r\nx-amz-trailer-signature:${next('TRAILER', `${line}\n`)}\r\n`
          : '';
        return change(`${data}${end}${trailers}\r\n`);
      },
    });

  it.each([false, true])('are taken, with a trailer: %s', async (withTrailer) => {
    expect(await sendSigned(withTrailer)).toMatchObject({ status: 200 });
    expect(await read(harness, 'a')).toBe('content');
  });

  it.each<[string, (body: string) => string]>([
    ['a byte', (body) => body.replace('content\r', 'Content\r')],
    ['a signature', (body) => body.replace(/=\w{64}/, `=${'0'.repeat(64)}`)],
    ['the trailer', (body) => body.replace(line, `${trailer}:AAAAAA==`)],
  ])('are refused when %s was changed', async (_, change) => {
    const { code } = await sendSigned(true, change);
    expect(code).toBe('SignatureDoesNotMatch');
    expect(filesOf(harness)).toEqual([]);
  });
});
