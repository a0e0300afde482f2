import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  InvalidCiphertextException,
  KMSClient,
} from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from '../../../local/http-server.ts';
import { startKms } from '../../../local/kms/server.ts';

const arn = 'arn:aws:kms:us-east-1:000000000000:key/octet';
const context = { job_id: '7', purpose: 'secrets' };
let dataDir: string;
let server: LocalServer;
let client: KMSClient;

async function start(keyId = 'octet', folder = dataDir) {
  server = await startKms({ dataDir: folder, keyId });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new KMSClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function stop() {
  client.destroy();
  await server.close();
}

async function encrypt(plaintext = 'secret', keyId = 'octet') {
  const input = { KeyId: keyId, Plaintext: Buffer.from(plaintext), EncryptionContext: context };
  return (await client.send(new EncryptCommand(input))).CiphertextBlob ?? new Uint8Array();
}

async function decrypt(
  blob: Uint8Array,
  encryptionContext: Record<string, string> = context,
  keyId?: string,
) {
  const input = { KeyId: keyId, CiphertextBlob: blob, EncryptionContext: encryptionContext };
  return Buffer.from((await client.send(new DecryptCommand(input))).Plaintext ?? []).toString();
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'octet-kms-'));
  await start();
});

afterEach(async () => {
  await stop();
  rmSync(dataDir, { recursive: true });
});

describe('a blob', () => {
  it('is decrypted under the context that it was encrypted under, in any order of its keys', async () => {
    const blob = await encrypt();
    expect(Buffer.from(blob).includes('secret')).toBe(false);
    expect(await decrypt(blob, { purpose: 'secrets', job_id: '7' })).toBe('secret');
  });

  it('differs each time for the same plaintext', async () => {
    expect(await encrypt()).not.toEqual(await encrypt());
  });

  it.each<[string, Record<string, string>]>([
    ['another value', { ...context, job_id: '8' }],
    ['a key missing', { job_id: '7' }],
    ['a key more', { ...context, extra: '' }],
    ['no context at all', {}],
  ])('is refused under a context with %s', async (_, other) => {
    await expect(decrypt(await encrypt(), other)).rejects.toBeInstanceOf(InvalidCiphertextException);
  });

  it('is refused when any of its bytes is changed', async () => {
    const blob = await encrypt();
    for (const at of [0, 1, 2, 8, 25, blob.length - 1]) {
      const changed = Uint8Array.from(blob, (byte, index) => (index === at ? byte ^ 1 : byte));
      await expect(decrypt(changed), `byte ${at}`).rejects.toBeInstanceOf(InvalidCiphertextException);
    }
  });

  it('is refused when it is cut short', async () => {
    const blob = await encrypt();
    await expect(decrypt(blob.subarray(0, 20))).rejects.toBeInstanceOf(InvalidCiphertextException);
  });
});

describe('the key', () => {
  it.each(['octet', 'alias/octet', arn, 'arn:aws:kms:us-east-1:000000000000:alias/octet'])(
    'is known as %s, to the server and to its clients',
    async (name) => {
      await stop();
      await start(name);
      expect(await decrypt(await encrypt('secret', name), context, name)).toBe('secret');
    },
  );

  it('is answered by its ARN', async () => {
    const { KeyId } = await client.send(new EncryptCommand({ KeyId: 'octet', Plaintext: Buffer.from('x') }));
    expect(KeyId).toBe(arn);
  });

  it('is the only one', async () => {
    await expect(encrypt('secret', 'other')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(decrypt(await encrypt(), context, 'alias/other')).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('survives a restart', async () => {
    const blob = await encrypt();
    await stop();
    await start();
    expect(await decrypt(blob)).toBe('secret');
  });

  it('is another in another folder', async () => {
    const blob = await encrypt();
    await stop();
    await start('octet', join(dataDir, 'other'));
    await expect(decrypt(blob)).rejects.toBeInstanceOf(InvalidCiphertextException);
  });

  it('lies in a file that only its owner may read', () => {
    const files = readdirSync(dataDir);
    expect(files).toEqual(['octet.key']);
    expect(statSync(join(dataDir, 'octet.key')).mode & 0o777).toBe(0o600);
  });
});

describe('limits', () => {
  it.each([
    [1, true],
    [4096, true],
    [4097, false],
    [0, false],
  ])('a plaintext of %d bytes is taken: %s', async (size, isTaken) => {
    const encrypted = encrypt('x'.repeat(size));
    if (isTaken) expect(await decrypt(await encrypted)).toHaveLength(size);
    else await expect(encrypted).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('another operation is refused by name', async () => {
    await expect(client.send(new GenerateDataKeyCommand({ KeyId: 'octet' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'kms GenerateDataKey is not implemented by the local KMS',
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('a web page is not answered', async () => {
    const headers = { origin: 'https://example.com', 'x-amz-target': 'TrentService.Encrypt' };
    const response = await fetch(server.url, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
  });
});
