import { InvalidCiphertextException, NotFoundException } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { SecretBox } from '../../../services/secrets/secret-box.ts';
import { useSecretBox } from '../../support/secret-box.ts';

const harness = useSecretBox();
const secrets = {
  input_url: 'https://media.example/in.mp4?sig=hush',
  credentials: { secret_access_key: 'hush' },
};

it.each([
  ['7', 'work'],
  ['8', 'callback'],
] as const)('opens what it has sealed for job %s and its %s', async (jobId, purpose) => {
  const sealed = await harness.box.seal(jobId, purpose, secrets);
  expect(await harness.box.open(jobId, purpose, sealed)).toEqual(secrets);
});

it('takes more than the 4 kB that KMS encrypts', async () => {
  const long = { session_token: 'ü'.repeat(8192) };
  const sealed = await harness.box.seal('7', 'work', long);
  expect(await harness.box.open('7', 'work', sealed)).toEqual(long);
});

it('shows nothing of the secrets, and never seals them alike', async () => {
  const [one, other] = [
    await harness.box.seal('7', 'work', secrets),
    await harness.box.seal('7', 'work', secrets),
  ];
  const { key, message } = JSON.parse(one);
  for (const part of [one, ...[key, message].map((text) => Buffer.from(text, 'base64').toString('latin1'))]) {
    expect(part).not.toContain('hush');
    expect(part).not.toContain('media.example');
  }
  expect([key, message]).not.toContain(JSON.parse(other).key);
  expect([key, message]).not.toContain(JSON.parse(other).message);
});

it.each([
  ['another job', '8', 'work'],
  ['another purpose', '7', 'callback'],
] as const)('does not open them for %s', async (_, jobId, purpose) => {
  const sealed = await harness.box.seal('7', 'work', secrets);
  await expect(harness.box.open(jobId, purpose, sealed)).rejects.toBeInstanceOf(InvalidCiphertextException);
});

describe('a sealed text that was changed is refused', () => {
  it.each(['key', 'message'])('in its %s', async (part) => {
    const fields = JSON.parse(await harness.box.seal('7', 'work', secrets));
    const bytes = Buffer.from(fields[part], 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const changed = JSON.stringify({ ...fields, [part]: bytes.toString('base64') });
    await expect(harness.box.open('7', 'work', changed)).rejects.toThrow();
  });

  it('by the message of another', async () => {
    const [one, other] = await Promise.all([
      harness.box.seal('7', 'work', secrets),
      harness.box.seal('7', 'work', { input_url: 'https://other.example' }),
    ]);
    const mixed = JSON.stringify({ ...JSON.parse(one), message: JSON.parse(other).message });
    await expect(harness.box.open('7', 'work', mixed)).rejects.toThrow();
  });

  it.each(['', '{}', 'null', '{"key":"a"}', '{"key":1,"message":2}'])('to %s', async (text) => {
    await expect(harness.box.open('7', 'work', text)).rejects.toThrow();
  });
});

it('says which key is missing', async () => {
  const box = new SecretBox({ client: harness.client, keyId: 'other' });
  await expect(box.seal('7', 'work', secrets)).rejects.toBeInstanceOf(NotFoundException);
});
