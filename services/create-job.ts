import { v7 as uuid } from 'uuid';
import { LostRaceError, OctetError } from '../domain/errors.ts';
import type { NewJobRecord } from '../domain/job/job-record.ts';
import { urlWithoutSecrets } from '../domain/request/fields.ts';
import { isRefusal, type JobQueue } from './batch.ts';
import { type ExaminedRequest, type ExamineServices, examineRequest } from './examine-request.ts';
import type { JobMessageQueue } from './job-message-queue.ts';
import type { JobStore } from './job-store/job-store.ts';
import { logError, logInfo } from './log.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import { submitToBatch } from './submit-job.ts';

export interface CreateJobServices extends ExamineServices {
  readonly jobs: JobStore;
  readonly queue: JobQueue;
  readonly secrets: SecretBox;
  /** Of jobs that Batch has no room for at the moment. */
  readonly submissions: JobMessageQueue;
}

/** What create answers. */
export interface CreatedJob {
  readonly job_id: string;
  readonly warnings: readonly string[];
}

/**
 * Accepts a job: everything that can be known to be wrong is refused here, then the job is stored, then submitted.
 *
 * @param tenant whose job it is
 * @param jobId the job's id to be
 * @throws OctetError for a request that cannot be met, with every problem at once
 */
export async function createJob(
  services: CreateJobServices,
  tenant: string,
  body: string,
  jobId: string = uuid(),
): Promise<CreatedJob> {
  const examined = await examineRequest(services, body);
  const { probe, warnings } = examined;
  const job = await newRecord(services.secrets, {
    ...examined,
    jobId,
    tenant,
    usdPerHour: services.fleet.usd_per_hour,
  });
  if (!probe.settled) logInfo(probe.reason, { job_id: job.job_id });
  await store(services.jobs, job);
  await submit(services, job);
  return { job_id: job.job_id, warnings };
}

interface Accepted extends ExaminedRequest {
  readonly jobId: string;
  readonly tenant: string;
  readonly usdPerHour: number;
}

async function newRecord(secrets: SecretBox, accepted: Accepted): Promise<NewJobRecord> {
  const { input, destination, callback, metadata } = accepted.request;
  const { creds, ...shown } = destination;
  const job_id = accepted.jobId;
  const [sealed_work, sealed_callback] = await Promise.all([
    secrets.seal(job_id, 'work', { input_url: input.url, credentials: creds }),
    callback && secrets.seal(job_id, 'callback', callback),
  ]);
  return {
    job_id,
    tenant: accepted.tenant,
    status: 'created',
    created_at: new Date().toISOString(),
    input_url: urlWithoutSecrets(input.url),
    input: accepted.input,
    plan: accepted.planned.plan,
    usd_per_hour: accepted.usdPerHour,
    destination: shown,
    outputs: [...accepted.outputs],
    warnings: [...accepted.warnings],
    metadata,
    sealed_work,
    sealed_callback,
    callback_status: callback && 'waiting',
  };
}

/** A job's id is its own: where it is taken, this call has stored the job before, and has not heard of it. */
async function store(jobs: JobStore, job: NewJobRecord): Promise<void> {
  try {
    await jobs.create(job);
  } catch (error) {
    if (!(error instanceof LostRaceError)) throw error;
  }
}

/**
 * Submits a stored job. One that Batch has no room for, or does not answer about, waits in a queue; one that Batch will not
 * have is taken back, so that nothing is left of a refused request.
 */
async function submit(services: CreateJobServices, job: NewJobRecord): Promise<void> {
  const { jobs, queue, submissions } = services;
  const { job_id: jobId } = job;
  try {
    const batchJobId = await submitToBatch(jobs, queue, job);
    await noteSubmission(jobs, jobId, batchJobId);
  } catch (cause) {
    if (isRefusal(cause)) return takeBack(jobs, jobId, cause);
    logInfo('Batch takes no job just now, so it waits.', { job_id: jobId, reason: String(cause) });
    await submissions.send(jobId).catch((error) => takeBack(jobs, jobId, error));
  }
}

async function noteSubmission(jobs: JobStore, jobId: string, batchJobId: string): Promise<void> {
  try {
    await jobs.recordSubmission(jobId, batchJobId, new Date());
  } catch (error) {
    // Batch has the job, so sending it again would do it twice.
    logError('The submission of a job was not noted.', error, { job_id: jobId });
  }
}

/** @throws OctetError `infrastructure`, unless a worker has the job already, whatever was heard of it */
async function takeBack(jobs: JobStore, jobId: string, cause: unknown): Promise<void> {
  try {
    await jobs.remove(jobId);
  } catch (error) {
    if (error instanceof LostRaceError) return;
    throw error;
  }
  throw new OctetError('infrastructure', 'The job could not be queued; send it again.', { cause });
}
