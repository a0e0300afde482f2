import * as v from 'valibot';
import { credentialsSchema } from '../request/destination.ts';

/** What the worker must know and nobody else: kept encrypted while the job lives. */
export const workSecretsSchema = v.object({
  input_url: v.string(),
  credentials: credentialsSchema,
});

export type WorkSecrets = v.InferOutput<typeof workSecretsSchema>;

/** What is needed to deliver a callback: its URL may hold a token, so all of it is a secret. */
export const callbackSecretsSchema = v.object({
  url: v.string(),
  secret: v.optional(v.string()),
  detail: v.optional(v.literal('full')),
});

export type CallbackSecrets = v.InferOutput<typeof callbackSecretsSchema>;

/** What a ciphertext is for. A part of its encryption context, so that a role can be allowed to decrypt one kind alone. */
export type SecretPurpose = 'work' | 'callback';

/** The part of the encryption context that says what a ciphertext is for. */
export const PURPOSE_KEY = 'octet:purpose';

/** https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html */
export function encryptionContext(jobId: string, purpose: SecretPurpose): Record<string, string> {
  return { 'octet:job_id': jobId, [PURPOSE_KEY]: purpose };
}
