import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll } from 'vitest';
import type { LocalServer } from '../../local/http-server.ts';
import { startKms } from '../../local/kms/server.ts';
import { SecretBox } from '../../services/secrets/secret-box.ts';

export const keyId = 'octet';

/** What a file's tests have in common. */
export interface SecretBoxHarness {
  readonly server: LocalServer;
  readonly client: KMSClient;
  readonly box: SecretBox;
}

/** A key and a box for all tests of a file. */
export function useSecretBox(): SecretBoxHarness {
  const harness = {} as { -readonly [key in keyof SecretBoxHarness]: SecretBoxHarness[key] };
  const dataDir = mkdtempSync(join(tmpdir(), 'octet-secrets-'));
  beforeAll(async () => {
    harness.server = await startKms({ dataDir, keyId });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const { url: endpoint } = harness.server;
    harness.client = new KMSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    harness.box = new SecretBox({ client: harness.client, keyId });
  });
  afterAll(async () => {
    harness.client?.destroy();
    await harness.server?.close();
    rmSync(dataDir, { recursive: true });
  });
  return harness;
}
