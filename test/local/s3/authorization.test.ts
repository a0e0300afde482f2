import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import {
  Bucket,
  clientOf,
  credentials,
  filesOf,
  put,
  read,
  send,
  sendRaw,
  start,
  stop,
  useS3,
} from './harness.ts';

const harness = useS3();
const minute = 60_000;

describe('a signed request', () => {
  it.each<[string, number, S3ClientConfig]>([
    ['InvalidAccessKeyId', 403, { credentials: { ...credentials, accessKeyId: 'other' } }],
    ['SignatureDoesNotMatch', 403, { credentials: { ...credentials, secretAccessKey: 'other' } }],
    ['AuthorizationHeaderMalformed', 400, { region: 'eu-central-1' }],
    ['RequestTimeTooSkewed', 403, { systemClockOffset: 16 * minute }],
    ['RequestTimeTooSkewed', 403, { systemClockOffset: -16 * minute }],
  ])('is refused: %s', async (name, httpStatusCode, config) => {
    const refusal = { name, $metadata: { httpStatusCode } };
    for (const command of [
      new PutObjectCommand({ Bucket, Key: 'a', Body: 'content' }),
      new ListObjectsV2Command({ Bucket: 'none' }),
      new ListBucketsCommand(),
    ]) {
      // A client of its own for each: the SDK learns the server's time from its answer.
      const client = clientOf(harness.server.url, config);
      await expect(client.send(command as PutObjectCommand)).rejects.toMatchObject(refusal);
    }
    expect(filesOf(harness)).toEqual([]);
  });

  it.each([14 * minute, -14 * minute])(
    'may come from a clock that is %d ms off',
    async (systemClockOffset) => {
      await put({ client: clientOf(harness.server.url, { systemClockOffset }) }, 'a');
    },
  );

  it('may carry a session token', async () => {
    const client = clientOf(harness.server.url, { credentials: { ...credentials, sessionToken: 'any' } });
    await put({ client }, 'a');
    expect(await read(harness, 'a')).toBe('content');
  });
});

describe('a request is refused', () => {
  const path = `/${Bucket}/a`;
  const scope = '20130524/us-east-1/s3/aws4_request';
  const authorization = (credential: string) =>
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  const time = '20130524T000000Z';
  const dated = { 'x-amz-date': time, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };

  it.each<[string, string, string, Record<string, string>]>([
    ['AccessDenied', 'without a signature', path, {}],
    ['AccessDenied', 'without a time', path, { authorization: authorization(`local/${scope}`) }],
    ['InvalidRequest', 'signed by version 2', path, { authorization: 'AWS local:signature' }],
    ['InvalidRequest', 'with a name and a password', path, { authorization: 'Basic bG9jYWw6' }],
    [
      'InvalidRequest',
      'without a payload hash',
      path,
      { 'x-amz-date': time, authorization: authorization(`local/${scope}`) },
    ],
    [
      'AuthorizationHeaderMalformed',
      'without its parts',
      path,
      { authorization: 'AWS4-HMAC-SHA256 Credential=a' },
    ],
    [
      'AuthorizationHeaderMalformed',
      'for another service',
      path,
      { ...dated, authorization: authorization('local/20130524/us-east-1/sqs/aws4_request') },
    ],
    [
      'AuthorizationHeaderMalformed',
      'with the scope of another day',
      path,
      { ...dated, authorization: authorization('local/20130525/us-east-1/s3/aws4_request') },
    ],
    ['InvalidArgument', 'signed in two ways', `${path}?X-Amz-Algorithm=x`, { authorization: 'x' }],
    ['InvalidURI', 'with a path that is no UTF-8', `/${Bucket}/%ff`, {}],
  ])('%s: %s', async (code, _, path, headers) => {
    expect(await send(harness.server, { path, headers })).toMatchObject({ code });
  });

  it('with a header that is not signed but would count', async () => {
    const answer = await sendRaw(harness, { path, unsigned: { 'x-amz-checksum-mode': 'ENABLED' } });
    const message = 'There were headers present in the request which were not signed: x-amz-checksum-mode';
    expect(answer).toMatchObject({ status: 403, code: 'AccessDenied', message });
  });

  it('at another host than it was signed for', async () => {
    const answer = await sendRaw(harness, { path, unsigned: { host: 'example.com' } });
    expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('with anything in it changed on the way', async () => {
    await put(harness, 'a');
    const client = clientOf(harness.server.url);
    client.middlewareStack.add(
      (next) => (args) => {
        const { request } = args as { request: { query: Record<string, string> } };
        request.query['response-content-type'] = 'text/html';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'a' }))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });
});

it('the server has the region that it is told', async () => {
  await stop(harness);
  await start(harness, { region: 'eu-central-1' });
  await put(harness, 'a');
  await expect(put({ client: clientOf(harness.server.url) }, 'a')).rejects.toMatchObject({
    name: 'AuthorizationHeaderMalformed',
    message: "The region 'us-east-1' is wrong; expecting 'eu-central-1'",
  });
});
