import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
/** Bytes of an AES-256 key. */
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A key that encrypts one message. */
export function newDataKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** AES-256-GCM: IV, tag, ciphertext. */
export function encryptWith(key: Uint8Array, plaintext: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
}

/** @throws Error when the message was made with another key, or changed */
export function decryptWith(key: Uint8Array, message: Uint8Array): string {
  const iv = message.subarray(0, IV_BYTES);
  // Without the length a tag that was cut down to 4 bytes would do, and so few can be guessed.
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(message.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const plaintext = Buffer.concat([
    decipher.update(message.subarray(IV_BYTES + TAG_BYTES)),
    decipher.final(),
  ]);
  return plaintext.toString('utf8');
}
