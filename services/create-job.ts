import { v7 as uuid } from 'uuid';
import { LostRaceError, OctetError, type Problem, UnusableRequestError } from '../domain/errors.ts';
import type { InputFacts, NewJobRecord } from '../domain/job/job-record.ts';
import { assertWithinLimits, type InputLimits } from '../domain/media/input-limits.ts';
import { planRenditions } from '../domain/plan/renditions.ts';
import { urlWithoutSecrets } from '../domain/request/fields.ts';
import { type JobRequest, type ParsedJobRequest, parseJobRequest } from '../domain/request/job-request.ts';
import { type AddressPolicy, assertPublicHost, UnresolvableHostError } from './address-guard.ts';
import { isRefusal, type JobQueue } from './batch.ts';
import { type ProbeResult, probeInput } from './input-probe.ts';
import type { JobMessageQueue } from './job-message-queue.ts';
import type { JobStore } from './job-store/job-store.ts';
import { logError, logInfo } from './log.ts';
import type { SecretBox } from './secrets/secret-box.ts';

export interface CreateJobServices {
  readonly jobs: JobStore;
  readonly queue: JobQueue;
  readonly secrets: SecretBox;
  /** Of jobs that Batch has no room for at the moment. */
  readonly submissions: JobMessageQueue;
  readonly addresses: AddressPolicy;
  readonly inputLimits: InputLimits;
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
  const parsed = parseJobRequest(body);
  const { request, warnings } = parsed;
  const probe = await checkOutside(request, services.addresses);
  assertInputWithinLimits(probe, services.inputLimits);
  if (probe.settled) {
    const { width, height, frame_rate } = probe.input.video;
    planRenditions(request.outputs, { display: { width, height }, frameRate: frame_rate });
  }
  const job = await newRecord(services.secrets, { ...parsed, jobId, tenant, probe });
  if (!probe.settled) logInfo(probe.reason, { job_id: job.job_id });
  await services.jobs.create(job);
  await submit(services, job);
  return { job_id: job.job_id, warnings };
}

/** @throws UnusableRequestError for what is known of the input already; its worker knows more */
function assertInputWithinLimits(probe: ProbeResult, limits: InputLimits): void {
  const bytes = probe.settled ? probe.input.size_bytes : probe.size_bytes;
  const { duration_s: seconds, video } = probe.settled ? probe.input : {};
  try {
    assertWithinLimits({ ...video, bytes, seconds, frameRate: video?.frame_rate }, limits);
  } catch (error) {
    throw new UnusableRequestError([problemOf(error, 'input.url')]);
  }
}

/** Looks at the input, the destination and the callback's host, all at the same time. */
async function checkOutside(request: JobRequest, addresses: AddressPolicy): Promise<ProbeResult> {
  const { input, destination, outputs, callback } = request;
  const firstKey = outputs[0]?.dest_path ?? '';
  const [probe, ...others] = await Promise.allSettled([
    probeInput(input.url, addresses),
    // S3's client is half of what a Lambda function would have to load before it can refuse a bad request.
    import('./destination/check-destination.ts').then(({ checkDestination }) =>
      checkDestination(destination, destination.creds, firstKey, addresses),
    ),
    callback && checkCallbackHost(callback.url, addresses),
  ]);
  const paths = ['input.url', 'destination', 'callback'];
  const [first, ...rest] = [probe, ...others].flatMap((result, index) =>
    result.status === 'rejected' ? [problemOf(result.reason, paths[index] ?? '')] : [],
  );
  if (first) throw new UnusableRequestError([first, ...rest]);
  if (probe.status === 'rejected') throw probe.reason;
  return probe.value;
}

/** A host that cannot be resolved just now may be by the time the job ends. */
async function checkCallbackHost(url: string, addresses: AddressPolicy): Promise<void> {
  try {
    await assertPublicHost(url, addresses);
  } catch (error) {
    if (!(error instanceof OctetError)) throw error;
    if (error instanceof UnresolvableHostError && error.transient) return;
    throw new OctetError(error.code, `The callback cannot be delivered: ${error.message}`, { cause: error });
  }
}

/** @throws the reason when it is no fault of the request's */
function problemOf(reason: unknown, path: string): Problem {
  if (!(reason instanceof OctetError)) throw reason;
  return { path, code: reason.code, message: reason.message };
}

interface Accepted extends ParsedJobRequest {
  readonly jobId: string;
  readonly tenant: string;
  readonly probe: ProbeResult;
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
    input: factsOf(accepted.probe),
    destination: shown,
    outputs: [...accepted.outputs],
    warnings: [...accepted.warnings],
    metadata,
    sealed_work,
    sealed_callback,
    callback_status: callback && 'waiting',
  };
}

function factsOf(probe: ProbeResult): InputFacts {
  return probe.settled ? probe.input : { size_bytes: probe.size_bytes };
}

/**
 * Submits a stored job. One that Batch has no room for, or does not answer about, waits in a queue; one that Batch will not
 * have is taken back, so that nothing is left of a refused request.
 */
async function submit(services: CreateJobServices, job: NewJobRecord): Promise<void> {
  const { jobs, queue, submissions } = services;
  const { job_id: jobId, tenant } = job;
  try {
    const batchJobId = await queue.submit(jobId, tenant);
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
