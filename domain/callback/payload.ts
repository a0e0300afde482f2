import { Webhook } from 'standardwebhooks';
import type { JobResource } from '../job/job-resource.ts';
import type { EndState } from '../job/job-state.ts';

/** The original's three fields, and the job where the callback asked for it. */
export interface CallbackPayload {
  readonly api_version: 'v0';
  readonly job_id: string;
  readonly status: EndState;
  readonly job?: JobResource;
}

/** What a callback says. @param detail whether to add the whole job resource */
export function callbackPayload(
  job: JobResource & { status: EndState },
  detail: 'full' | undefined,
): CallbackPayload {
  const { job_id, status } = job;
  return { api_version: 'v0', job_id, status, ...(detail === 'full' && { job }) };
}

/** The id of a job's callback: the same at every attempt, so that its receiver can tell repetitions. */
export function webhookId(jobId: string): string {
  return `msg_${jobId}`;
}

/**
 * The headers of a signed callback.
 *
 * @param secrets base64 with or without `whsec_`; more than one while a secret is being replaced
 * @param at the time of this attempt
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(
  jobId: string,
  body: string,
  secrets: readonly string[],
  at: Date,
): Record<string, string> {
  const id = webhookId(jobId);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
