import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { LostRaceError, OctetError } from '../domain/errors.ts';
import { type CreatedJob, type CreateJobServices, createJob } from './create-job.ts';
import type { IdempotencyRecord, IdempotencyStore } from './job-store/idempotency-store.ts';

export interface CreateJobOnceServices extends CreateJobServices {
  readonly idempotency: IdempotencyStore;
}

/** After so long a request that has no answer yet was lost with its function, which may take 29 s. */
const LOST_AFTER_MS = 60_000;

/** Characters that headers have, as many as keep the item's key well below DynamoDB's limit. */
const KEY_FORM = /^[\x21-\x7e]{1,255}$/;

/**
 * Accepts a job once, however often it is sent with the same key within 24 hours. A request that is refused is forgotten.
 *
 * @param key the header Idempotency-Key
 * @throws OctetError `conflict` while the first request is being answered; `idempotency_key_reused` for another body; and as createJob
 */
export async function createJobOnce(
  services: CreateJobOnceServices,
  tenant: string,
  body: string,
  key: string,
): Promise<CreatedJob> {
  if (!KEY_FORM.test(key)) {
    throw new OctetError(
      'invalid_request',
      'Idempotency-Key must have 1 to 255 visible ASCII characters, such as a UUID.',
    );
  }
  const { idempotency, jobs } = services;
  const before = await idempotency.find(tenant, key, new Date());
  const record = begin(body, before);
  if (before?.answer !== undefined) return before.answer;
  await claim(idempotency, tenant, key, record, before);
  try {
    const stored = before && (await jobs.load(record.job_id));
    // It was stored and not answered: whoever reconciles submits it, if that was not done either.
    const answer = stored
      ? { job_id: record.job_id, warnings: stored.job.warnings }
      : await createJob(services, tenant, body, record.job_id);
    await idempotency.put(
      tenant,
      key,
      { ...record, answer: { ...answer, warnings: [...answer.warnings] } },
      record,
    );
    return answer;
  } catch (error) {
    await idempotency.forget(tenant, key, record);
    throw error;
  }
}

/** @throws OctetError when the key may not be used for this body, or not yet */
function begin(body: string, before: IdempotencyRecord | undefined): IdempotencyRecord {
  const body_hash = createHash('sha256').update(body).digest('hex');
  const begun_at = Date.now();
  if (before === undefined) return { body_hash, job_id: uuid(), begun_at };
  if (before.body_hash !== body_hash) {
    throw new OctetError(
      'idempotency_key_reused',
      'This Idempotency-Key came with another body before; use a new key for another job.',
    );
  }
  if (before.answer === undefined && begun_at - before.begun_at < LOST_AFTER_MS) throw inFlight();
  return { ...before, begun_at };
}

async function claim(
  idempotency: IdempotencyStore,
  tenant: string,
  key: string,
  record: IdempotencyRecord,
  before: IdempotencyRecord | undefined,
): Promise<void> {
  try {
    await idempotency.put(tenant, key, record, before);
  } catch (error) {
    throw error instanceof LostRaceError ? inFlight() : error;
  }
}

function inFlight(): OctetError {
  return new OctetError('conflict', 'The same request is being answered; ask again in a moment.');
}
