import { BatchClient, SubmitJobCommand } from '@aws-sdk/client-batch';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from 'vitest';
import type { Fault } from '../../../local/chaos/faults.ts';
import { FaultProxy, type ProxyOptions } from '../../../local/chaos/proxy.ts';
import { ERRORS, SERVICES, type ServiceName } from '../../../local/chaos/service-errors.ts';
import { type LocalServer, listenOnLoopback, readBody } from '../../../local/http-server.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});

/** A server that tells what it was sent, and a proxy in front of it with faults one after the other, then none. */
async function start(faults: readonly Fault[], more: Partial<ProxyOptions> = {}) {
  const heard: string[] = [];
  const server: LocalServer = await listenOnLoopback(async (request, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.host} ${await readBody(request)}`);
    response.writeHead(201, { 'x-own': 'yes' }).end('done');
  });
  const faultOf = (count: number): Fault => faults[count - 1] ?? { kind: 'none' };
  const proxy = new FaultProxy({ service: 'dynamodb', faultOf, ...more });
  const url = await proxy.listen();
  proxy.setTarget(server.url);
  closing.push(proxy, server);
  return { url, proxy, heard };
}

const post = (url: string) => fetch(`${url}/path?query`, { method: 'POST', body: 'said' });

it('hands a request on as it is, and its answer back', async () => {
  const { url, heard } = await start([]);
  const answer = await post(url);
  expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([201, 'yes', 'done']);
  // Signatures are over the Host header.
  expect(heard).toEqual([`POST /path?query ${new URL(url).host} said`]);
});

it.each([
  [{ kind: 'cut', reached: false }, 0],
  [{ kind: 'cut', reached: true }, 1],
  [{ kind: 'silence', reached: false, ms: 10 }, 0],
  [{ kind: 'silence', reached: true, ms: 10 }, 1],
  [{ kind: 'kill', victim: 'worker', signal: 'SIGKILL', reached: true }, 1],
] as const)('cuts the connection for %j, and the service hears of %i requests', async (fault, times) => {
  const { url, heard } = await start([fault]);
  await expect(post(url)).rejects.toThrow('fetch failed');
  expect(heard).toHaveLength(times);
  expect((await post(url)).status).toBe(201);
});

it('kills what a fault says, and tells whose request it was', async () => {
  const killed: string[] = [];
  const fault: Fault = { kind: 'kill', victim: 'worker', signal: 'SIGTERM', reached: false };
  const onKill: ProxyOptions['onKill'] = ({ signal }, { body }) => killed.push(`${signal} ${body}`);
  const { url } = await start([fault], { onKill });
  expect((await post(url)).status).toBe(201);
  expect(killed).toEqual(['SIGTERM said']);
});

it('changes a request on its way, and tells what was answered though nobody hears it', async () => {
  const answers: number[] = [];
  const { url, heard } = await start([{ kind: 'cut', reached: true }], {
    change: (call) => ({ ...call, body: Buffer.from('another') }),
    onAnswer: (_, status) => answers.push(status),
  });
  await expect(post(url)).rejects.toThrow();
  expect(heard).toEqual([expect.stringContaining('another')]);
  expect(answers).toEqual([201]);
});

it('has no faults any more when it is calm, and counts those that it had', async () => {
  const { url, proxy } = await start(Array(9).fill({ kind: 'cut', reached: false }));
  await expect(post(url)).rejects.toThrow();
  proxy.calm();
  expect((await post(url)).status).toBe(201);
  expect(proxy.faults).toEqual({ cut: 1, none: 1 });
});

it('has requests wait that come before it knows the service', async () => {
  const { proxy: first, heard } = await start([]);
  const proxy = new FaultProxy({ service: 's3', faultOf: () => ({ kind: 'none' }) });
  closing.push(proxy);
  const answer = post(await proxy.listen());
  proxy.setTarget(await first.target);
  expect((await answer).status).toBe(201);
  expect(heard).toHaveLength(1);
});

it('tells the service when a client has gone, as SQS must know of polls', async () => {
  let left: (value: unknown) => void = () => {};
  const gone = new Promise((resolve) => {
    left = resolve;
  });
  const server = await listenOnLoopback((_, response) => response.once('close', left));
  const proxy = new FaultProxy({ service: 'sqs', faultOf: () => ({ kind: 'none' }) });
  closing.push(proxy, server);
  proxy.setTarget(server.url);
  const leaving = new AbortController();
  const answer = fetch(await proxy.listen(), { signal: leaving.signal });
  setTimeout(() => leaving.abort(), 100);
  await expect(answer).rejects.toThrow();
  await gone;
});

const cases = SERVICES.flatMap((service) => ERRORS[service].map((error) => [service, error] as const));

it.each(cases)('fails in the form of %s: %j', async (service, error) => {
  const { url, heard } = await start(Array(9).fill({ kind: 'error', error }), { service });
  const failure = await call(service, url, 1).catch((reason: unknown) => reason);
  expect(failure).toMatchObject({ name: error.code, $metadata: { httpStatusCode: error.status } });
  expect(heard).toEqual([]);
});

it.each(cases)('has the SDK try %s again after %j', async (service, error) => {
  const { url, proxy } = await start([{ kind: 'error', error }], { service });
  await call(service, url).catch(() => {});
  expect(proxy.faults).toMatchObject({ error: 1, none: expect.any(Number) });
});

/** Some request of a service, by the SDK's own client. */
function call(service: ServiceName, endpoint: string, maxAttempts = 3): Promise<unknown> {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const options = { endpoint, credentials, region: 'us-east-1', maxAttempts };
  switch (service) {
    case 'dynamodb':
      return new DynamoDBClient(options).send(
        new GetItemCommand({ TableName: 't', Key: { pk: { S: 'k' } } }),
      );
    case 'sqs': {
      const QueueUrl = `${endpoint}/000000000000/q`;
      return new SQSClient(options).send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }));
    }
    case 's3':
      return new S3Client({ ...options, forcePathStyle: true }).send(
        new GetObjectCommand({ Bucket: 'b', Key: 'k' }),
      );
    case 'batch':
      return new BatchClient(options).send(
        new SubmitJobCommand({ jobName: 'n', jobQueue: 'q', jobDefinition: 'd' }),
      );
    case 'kms':
      return new KMSClient(options).send(new EncryptCommand({ KeyId: 'k', Plaintext: Buffer.from('p') }));
    case 'secretsmanager':
      return new SecretsManagerClient(options).send(new GetSecretValueCommand({ SecretId: 's' }));
  }
}
