import * as v from 'valibot';
import { callbackPayload, signedHeaders } from '../domain/callback/payload.ts';
import { retryDelay } from '../domain/callback/schedule.ts';
import { LostRaceError } from '../domain/errors.ts';
import type { JobRecord, JobSnapshot } from '../domain/job/job-record.ts';
import { jobResource } from '../domain/job/job-resource.ts';
import { hasEnded } from '../domain/job/job-state.ts';
import { callbackSecretsSchema } from '../domain/job/secrets.ts';
import type { AddressPolicy } from './address-guard.ts';
import { type Delivery, postCallback } from './callbacks/post-callback.ts';
import type { WebhookSecrets } from './callbacks/webhook-secrets.ts';
import type { JobStore } from './job-store/job-store.ts';
import type { SecretBox } from './secrets/secret-box.ts';

export interface DeliverCallbackServices {
  readonly jobs: JobStore;
  readonly secrets: SecretBox;
  readonly webhookSecrets: WebhookSecrets;
  readonly addresses: AddressPolicy;
}

/** Whether a callback is done with, or is to be tried again after so many seconds. */
export type DeliveryResult = { readonly done: true } | { readonly done: false; readonly retryIn: number };

const UNDELIVERED: readonly NonNullable<JobRecord['callback_status']>[] = ['waiting', 'queued'];

/** Tries once to deliver the callback of a job that has ended. One that is delivered already is left alone. */
export async function deliverCallback(
  services: DeliverCallbackServices,
  jobId: string,
): Promise<DeliveryResult> {
  const snapshot = await services.jobs.load(jobId);
  if (!isOwed(snapshot)) return { done: true };
  const attempt = snapshot.callbacks.length + 1;
  const at = new Date();
  const delivery = await post(services, snapshot, at);
  const { status, error } = { error: undefined, ...delivery };
  await services.jobs.recordCallbackAttempt(jobId, { attempt, at: at.toISOString(), status, error });
  if (delivery.delivered || delivery.final) {
    await close(services.jobs, jobId, delivery.delivered ? 'delivered' : 'failed');
    return { done: true };
  }
  // After the last one the queue moves the message to the dead-letter queue, from which it may come back.
  return { done: false, retryIn: retryDelay(attempt, delivery.retryAfter, Math.random()) };
}

function isOwed(snapshot: JobSnapshot | undefined): snapshot is JobSnapshot {
  const status = snapshot?.job.callback_status;
  return status !== undefined && UNDELIVERED.includes(status);
}

async function post(
  { secrets, webhookSecrets, addresses }: DeliverCallbackServices,
  snapshot: JobSnapshot,
  at: Date,
): Promise<Delivery> {
  const resource = jobResource(snapshot);
  const { job_id, status } = resource;
  if (!hasEnded(status)) throw new Error(`The callback of job ${job_id} is queued before the job has ended.`);
  const opened = await secrets.open(job_id, 'callback', snapshot.job.sealed_callback ?? '');
  const { url, secret, detail } = v.parse(callbackSecretsSchema, opened);
  const body = JSON.stringify(callbackPayload({ ...resource, status }, detail));
  const signers = secret === undefined ? await webhookSecrets.current() : [secret];
  return postCallback(url, body, signedHeaders(job_id, body, signers, at), addresses);
}

async function close(jobs: JobStore, jobId: string, status: 'delivered' | 'failed'): Promise<void> {
  try {
    await jobs.moveCallback(jobId, UNDELIVERED, status);
  } catch (error) {
    // Another delivery of the same message was quicker.
    if (!(error instanceof LostRaceError)) throw error;
  }
}
