import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import { encryptionContext, type SecretPurpose } from '../../domain/job/secrets.ts';
import { decryptWith, encryptWith, newDataKey } from './envelope.ts';

export interface SecretBoxOptions {
  readonly client: KMSClient;
  /** Id or ARN of the key. */
  readonly keyId: string;
}

/** Both in base64: the message's own key as KMS encrypted it, and the message. */
const sealedSchema = v.pipe(v.string(), v.parseJson(), v.object({ key: v.string(), message: v.string() }));

/**
 * Encrypts a job's secrets. KMS encrypts at most 4,096 bytes, and a presigned URL or a session token may be longer, so a key
 * made for the message encrypts it and KMS encrypts that key, bound to the job and the purpose by its encryption context.
 * (KMS's GenerateDataKey would let whoever encrypts read the data key again; with Encrypt alone create never can.)
 */
export class SecretBox {
  readonly #client: KMSClient;
  readonly #keyId: string;

  constructor({ client, keyId }: SecretBoxOptions) {
    this.#client = client;
    this.#keyId = keyId;
  }

  /** @returns text that may be stored anywhere */
  async seal(jobId: string, purpose: SecretPurpose, secrets: object): Promise<string> {
    const dataKey = newDataKey();
    const message = encryptWith(dataKey, JSON.stringify(secrets));
    const { CiphertextBlob } = await this.#client.send(
      new EncryptCommand({
        KeyId: this.#keyId,
        Plaintext: dataKey,
        EncryptionContext: encryptionContext(jobId, purpose),
      }),
    );
    if (CiphertextBlob === undefined) throw new Error('KMS answered without a ciphertext.');
    return JSON.stringify({ key: base64(CiphertextBlob), message: base64(message) });
  }

  /**
   * @param sealed what `seal` returned for the same job and purpose
   * @returns the secrets, to be parsed by their schema
   */
  async open(jobId: string, purpose: SecretPurpose, sealed: string): Promise<unknown> {
    const { key, message } = v.parse(sealedSchema, sealed);
    const { Plaintext } = await this.#client.send(
      new DecryptCommand({
        KeyId: this.#keyId,
        CiphertextBlob: Buffer.from(key, 'base64'),
        EncryptionContext: encryptionContext(jobId, purpose),
      }),
    );
    if (Plaintext === undefined) throw new Error('KMS answered without a plaintext.');
    return JSON.parse(decryptWith(Plaintext, Buffer.from(message, 'base64')));
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
