import { ListObjectsV2Command, PutObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { type SignedRequest, sha256, signingKey, signRequest } from '../../../local/s3/sigv4.ts';

describe("AWS's own examples", () => {
  const scope = { date: '20130524', region: 'us-east-1', service: 's3' };
  const key = signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope);
  const context = { key, scope, time: '20130524T000000Z' };
  const host = 'examplebucket.s3.amazonaws.com';
  const time = { 'x-amz-date': context.time };
  const payloadHash = sha256('');
  const get = { method: 'GET', path: '/', parameters: [], payloadHash };

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
  it.each<[string, SignedRequest, string]>([
    [
      'GET object',
      {
        ...get,
        path: '/test.txt',
        headers: { host, range: 'bytes=0-9', 'x-amz-content-sha256': payloadHash, ...time },
      },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT object',
      {
        method: 'PUT',
        path: '/test$file.text',
        parameters: [],
        headers: {
          host,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-content-sha256': sha256('Welcome to Amazon S3.'),
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
          ...time,
        },
        payloadHash: sha256('Welcome to Amazon S3.'),
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'GET bucket lifecycle',
      {
        ...get,
        parameters: [['lifecycle', '']],
        headers: { host, 'x-amz-content-sha256': payloadHash, ...time },
      },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'GET bucket (list objects)',
      {
        ...get,
        parameters: [
          ['max-keys', '2'],
          ['prefix', 'J'],
        ],
        headers: { host, 'x-amz-content-sha256': payloadHash, ...time },
      },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('%s', (_, request, signature) => {
    expect(signRequest(context, request)).toBe(signature);
  });
});

describe('what the SDK signs', () => {
  interface Sent {
    readonly method: string;
    readonly path: string;
    readonly query: Record<string, string>;
    readonly headers: Record<string, string>;
  }

  const secretAccessKey = 'a secret/+';
  const Bucket = 'videos';

  /** The request as it leaves the SDK. */
  async function signedBySdk(command: object): Promise<Sent> {
    let sent: Sent | undefined;
    const client = new S3Client({
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'id', secretAccessKey },
      requestHandler: {
        handle(request: Sent) {
          sent = request;
          return Promise.reject(new Error('enough'));
        },
      },
      maxAttempts: 1,
      logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    });
    await expect(client.send(command as Parameters<typeof client.send>[0])).rejects.toThrow('enough');
    if (sent === undefined) throw new Error('The SDK sent nothing');
    return sent;
  }

  it.each<[string, object]>([
    ['a plain upload', new PutObjectCommand({ Bucket, Key: 'a', Body: 'content', ContentType: 'a/b' })],
    ['a hostile key', new PutObjectCommand({ Bucket, Key: "../a//b c+d%2e!'()*?&#é🎬/", Body: '' })],
    [
      'metadata with spaces',
      new PutObjectCommand({ Bucket, Key: 'a', Body: '', Metadata: { b: '  two  words ', a: '' } }),
    ],
    ['parameters', new ListObjectsV2Command({ Bucket, Prefix: "a b/!'()*é", Delimiter: '/', MaxKeys: 2 })],
    ['an upload of a part', new UploadPartCommand({ Bucket, Key: 'a', UploadId: 'b+/=', PartNumber: 1 })],
  ])('%s', async (_, command) => {
    const { method, path, query, headers } = await signedBySdk(command);
    const [, names = '', signature] =
      /SignedHeaders=(.*), Signature=(.*)/.exec(headers.authorization ?? '') ?? [];
    const time = headers['x-amz-date'] ?? '';
    const scope = { date: time.slice(0, 8), region: 'eu-central-1', service: 's3' };
    const context = { key: signingKey(secretAccessKey, scope), scope, time };
    const request = {
      method,
      path: decodeURIComponent(path),
      parameters: Object.entries(query),
      headers: Object.fromEntries(names.split(';').map((name) => [name, headers[name] ?? ''])),
      payloadHash: headers['x-amz-content-sha256'] ?? '',
    };
    expect(signRequest(context, request)).toBe(signature);
    expect(signRequest(context, { ...request, path: `${request.path}x` })).not.toBe(signature);
  });
});
