import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AwsError } from '../aws-json.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

const version = 1;
const ivBytes = 12;
const tagBytes = 16;

/** Encrypts: version (1 byte), length of the key id (1), key id, IV (12), tag (16), AES-256-GCM ciphertext. */
export function seal(material: Buffer, keyId: string, plaintext: Buffer, context: EncryptionContext): Buffer {
  const header = headerOf(keyId);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', material, iv);
  cipher.setAAD(additionalData(header, context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, iv, cipher.getAuthTag(), ciphertext]);
}

/** @throws AwsError InvalidCiphertextException for another key's blob, another context, or a changed byte */
export function open(material: Buffer, keyId: string, blob: Buffer, context: EncryptionContext): Buffer {
  const header = headerOf(keyId);
  const body = blob.subarray(header.length);
  if (!blob.subarray(0, header.length).equals(header) || body.length < ivBytes + tagBytes)
    throw invalidCiphertext();
  const decipher = createDecipheriv('aes-256-gcm', material, body.subarray(0, ivBytes));
  decipher.setAAD(additionalData(header, context));
  decipher.setAuthTag(body.subarray(ivBytes, ivBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(body.subarray(ivBytes + tagBytes)), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

function headerOf(keyId: string): Buffer {
  return Buffer.concat([Buffer.from([version, Buffer.byteLength(keyId)]), Buffer.from(keyId)]);
}

/** The order of a context's keys does not matter to KMS, so they are sorted. */
function additionalData(header: Buffer, context: EncryptionContext): Buffer {
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(entries))]);
}

function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', 'The ciphertext or its encryption context is not valid');
}
