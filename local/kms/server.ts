import * as v from 'valibot';
import { awsJsonListener, parseInput } from '../aws-json.ts';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';
import { open, seal } from './cipher.ts';
import { keyMaterial } from './key-material.ts';
import { keyNames } from './key-names.ts';

export interface LocalKmsOptions {
  /** Where the key's material lies, readable by its owner alone. */
  readonly dataDir: string;
  /** The one key: an id, an ARN, or `alias/NAME`. */
  readonly keyId: string;
  /** @default any free port */
  readonly port?: number;
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html: 4,096 bytes of plaintext. */
const plaintextLimit = 4096;

const algorithm = 'SYMMETRIC_DEFAULT';

function blob(name: string, limit: number) {
  return v.pipe(
    v.string(),
    v.base64(),
    v.transform((text) => Buffer.from(text, 'base64')),
    v.check(
      (bytes) => bytes.length >= 1 && bytes.length <= limit,
      `${name} must have a length of 1 to ${limit} bytes`,
    ),
  );
}

const common = {
  EncryptionContext: v.optional(v.record(v.string(), v.string()), {}),
  EncryptionAlgorithm: v.optional(v.literal(algorithm)),
};
const encryptInput = v.strictObject({
  ...common,
  KeyId: v.string(),
  Plaintext: blob('Plaintext', plaintextLimit),
});
const decryptInput = v.strictObject({
  ...common,
  KeyId: v.optional(v.string()),
  CiphertextBlob: blob('CiphertextBlob', 6144),
});

/** KMS with one symmetric key: Encrypt and Decrypt. */
export function startKms({ dataDir, keyId, port }: LocalKmsOptions): Promise<LocalServer> {
  const names = keyNames(keyId);
  const material = keyMaterial(dataDir, names.id);
  const answer = { KeyId: names.arn, EncryptionAlgorithm: algorithm };

  function encrypt(body: unknown) {
    const input = parseInput(encryptInput, body, 'ValidationException');
    names.check(input.KeyId);
    const sealed = seal(material, names.id, input.Plaintext, input.EncryptionContext);
    return { ...answer, CiphertextBlob: sealed.toString('base64') };
  }

  function decrypt(body: unknown) {
    const input = parseInput(decryptInput, body, 'ValidationException');
    if (input.KeyId !== undefined) names.check(input.KeyId);
    const plaintext = open(material, names.id, input.CiphertextBlob, input.EncryptionContext);
    return { ...answer, Plaintext: plaintext.toString('base64') };
  }

  const operations = { Encrypt: encrypt, Decrypt: decrypt };
  return listenOnLoopback(
    awsJsonListener({ id: 'kms', title: 'KMS', target: 'TrentService', operations }),
    port,
  );
}
