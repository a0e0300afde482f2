import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LocalServer } from '../../../local/http-server.ts';
import { type LocalSecret, startSecretsManager } from '../../../local/secretsmanager/server.ts';
import { WebhookSecrets } from '../../../services/callbacks/webhook-secrets.ts';

let stored: Record<string, LocalSecret>;
let server: LocalServer;
let client: SecretsManagerClient;
let secrets: WebhookSecrets;

beforeEach(async () => {
  stored = { signing: { current: 'first' } };
  server = await startSecretsManager({ secrets: stored });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const region = 'us-east-1';
  client = new SecretsManagerClient({ endpoint: server.url, region, credentials, maxAttempts: 1 });
  secrets = new WebhookSecrets({ client, secretId: 'signing' });
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

it('has one secret that was never replaced', async () => {
  expect(await secrets.current()).toEqual(['first']);
});

it('has the secret before it too once it was replaced', async () => {
  stored.signing = { current: 'second', previous: 'first' };
  expect(await secrets.current()).toEqual(['second', 'first']);
});

it('fails when there is no secret', async () => {
  delete stored.signing;
  await expect(secrets.current()).rejects.toThrow("can't find the specified secret");
});
