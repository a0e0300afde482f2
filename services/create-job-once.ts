import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { LostRaceError, OctetError } from '../domain/errors.ts';
import { type CreatedJob, type CreateJobServices, createJob } from './create-job.ts';
import type { IdempotencyRecord, IdempotencyStore } from './job-store/idempotency-store.ts';
import type { JobStore } from './job-store/job-store.ts';
import { logError } from './log.ts';

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
  const { idempotency } = services;
  const before = await idempotency.find(tenant, key, new Date());
  const record = begin(body, before);
  if (before?.answer !== undefined) return before.answer;
  await claim(idempotency, tenant, key, record, before);
  const found = before && (await findJob(services.jobs, record.job_id));
  const answer = found ?? (await createOrForget(services, tenant, body, key, record));
  await remember(idempotency, tenant, key, {
    ...record,
    answer: { ...answer, warnings: [...answer.warnings] },
  });
  return answer;
}

/** The job of an earlier request that was lost when it was stored; whoever reconciles submits it. */
async function findJob(jobs: JobStore, jobId: string): Promise<CreatedJob | undefined> {
  const stored = await jobs.load(jobId);
  return stored && { job_id: jobId, warnings: stored.job.warnings };
}

async function createOrForget(
  services: CreateJobOnceServices,
  tenant: string,
  body: string,
  key: string,
  record: IdempotencyRecord,
): Promise<CreatedJob> {
  const { idempotency, jobs } = services;
  try {
    return await createJob(services, tenant, body, record.job_id);
  } catch (error) {
    const isLeft = (await jobs.load(record.job_id)) !== undefined;
    if (!isLeft) await idempotency.forget(tenant, key, record);
    throw error;
  }
}

/** Without the answer, the next request finds the job by its id. */
async function remember(
  idempotency: IdempotencyStore,
  tenant: string,
  key: string,
  record: IdempotencyRecord,
): Promise<void> {
  try {
    await idempotency.put(tenant, key, record, record);
  } catch (error) {
    logError('The answer to a request was not kept.', error, { job_id: record.job_id });
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
