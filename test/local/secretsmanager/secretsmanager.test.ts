import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LocalServer } from '../../../local/http-server.ts';
import { type LocalSecret, startSecretsManager } from '../../../local/secretsmanager/server.ts';

let secrets: Record<string, LocalSecret>;
let server: LocalServer;
let client: SecretsManagerClient;

beforeEach(async () => {
  secrets = {
    'octet/signing': { current: 'new', previous: 'old' },
    'octet/fresh': { current: 'first' },
  };
  server = await startSecretsManager({ secrets });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SecretsManagerClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

function get(SecretId: string, VersionStage?: string) {
  return client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
}

it.each([
  [undefined, 'new'],
  ['AWSCURRENT', 'new'],
  ['AWSPREVIOUS', 'old'],
])('the stage %s has the value %s', async (stage, value) => {
  expect((await get('octet/signing', stage)).SecretString).toBe(value);
});

it('a secret is found by the ARN that it is answered with, and by that without its suffix', async () => {
  const { ARN = '', Name } = await get('octet/signing');
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:octet\/signing-\w{6}$/);
  expect(Name).toBe('octet/signing');
  for (const id of [ARN, ARN.slice(0, -7)]) expect((await get(id)).SecretString).toBe('new');
});

it('each value has its own version', async () => {
  const current = await get('octet/signing');
  const previous = await get('octet/signing', 'AWSPREVIOUS');
  expect(current.VersionId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(previous.VersionId).not.toBe(current.VersionId);
  expect(previous.VersionStages).toEqual(['AWSPREVIOUS']);
});

it('a secret that is rotated while the server runs is seen at once', async () => {
  secrets['octet/fresh'] = { current: 'second', previous: 'first' };
  expect((await get('octet/fresh')).SecretString).toBe('second');
  expect((await get('octet/fresh', 'AWSPREVIOUS')).SecretString).toBe('first');
});

it.each([
  ['a secret that does not exist', 'octet/other', undefined],
  ['the name of a property of objects', 'constructor', undefined],
  ['the previous value of a secret that was never rotated', 'octet/fresh', 'AWSPREVIOUS'],
  ['a stage that does not exist', 'octet/signing', 'AWSPENDING'],
])('%s is not found', async (_, id, stage) => {
  await expect(get(id, stage)).rejects.toBeInstanceOf(ResourceNotFoundException);
});

it('another operation is refused by name', async () => {
  const put = client.send(new PutSecretValueCommand({ SecretId: 'octet/signing', SecretString: 'x' }));
  await expect(put).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'secretsmanager PutSecretValue is not implemented by the local Secrets Manager',
    $metadata: { httpStatusCode: 501 },
  });
});

it('a version by its id is refused, since versions are not kept', async () => {
  const version = '11111111-1111-1111-1111-111111111111';
  const input = { SecretId: 'octet/signing', VersionId: version };
  await expect(client.send(new GetSecretValueCommand(input))).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});
