import { expect, it } from 'vitest';
import { decryptWith, encryptWith, newDataKey } from '../../../services/secrets/envelope.ts';

const key = newDataKey();

/** IV and tag. */
const overhead = 12 + 16;

it.each([
  ['nothing', ''],
  ['a word', 'secret'],
  ['letters of all kinds', 'ünïcode 🎬'],
  ['a long text', 'x'.repeat(100_000)],
])('gives back %s', (_, plaintext) => {
  const message = encryptWith(key, plaintext);
  expect(message).toHaveLength(overhead + Buffer.byteLength(plaintext));
  expect(decryptWith(key, message)).toBe(plaintext);
});

it('makes keys of 256 bits, and another one each time', () => {
  expect(key).toHaveLength(32);
  expect(newDataKey()).not.toEqual(key);
});

it('never encrypts with the same IV again', () => {
  const messages = Array.from({ length: 100 }, () => encryptWith(key, 'secret'));
  expect(new Set(messages.map((message) => message.toString('hex', 0, 12))).size).toBe(100);
});

it('refuses another key', () => {
  expect(() => decryptWith(newDataKey(), encryptWith(key, 'secret'))).toThrow();
});

it('refuses a message of which any byte has changed', () => {
  const message = encryptWith(key, 'secret');
  for (let index = 0; index < message.length; index++) {
    const changed = Buffer.from(message);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => decryptWith(key, changed), `byte ${index}`).toThrow();
  }
});

it('refuses a message that was cut short, be it in the tag', () => {
  const message = encryptWith(key, '');
  for (let length = 0; length < message.length; length++) {
    expect(() => decryptWith(key, message.subarray(0, length)), `${length} bytes`).toThrow();
  }
});
