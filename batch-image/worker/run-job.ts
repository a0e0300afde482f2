import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { EXIT } from '../../domain/batch/exit-codes.ts';
import { LostRaceError, toJobError } from '../../domain/errors.ts';
import type { JobRecord, Outcome } from '../../domain/job/job-record.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import { workSecretsSchema } from '../../domain/job/secrets.ts';
import type { JobStore } from '../../services/job-store/job-store.ts';
import { logError, logInfo } from '../../services/log.ts';
import { PieceStore } from '../../services/piece-store.ts';
import type { SecretBox } from '../../services/secrets/secret-box.ts';
import { encodePart } from './encode-part.ts';
import type { WorkerEnvironment } from './env.ts';
import { examineHost } from './host.ts';
import { isHostFailure } from './host-unfit-error.ts';
import { packagePieces } from './package-pieces.ts';
import { transcode } from './transcode.ts';

export interface WorkerServices {
  readonly environment: WorkerEnvironment;
  readonly jobs: JobStore;
  readonly secrets: SecretBox;
  /** Of the bucket in which workers hand on pieces. */
  readonly scratch: S3Client;
}

type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Does a job from its beginning to its outcome; settle-job then ends it.
 *
 * @param signal ends the work at once
 * @returns the process's exit code, by which Batch decides whether to try again
 */
export async function runJob(services: WorkerServices, signal: AbortSignal): Promise<ExitCode> {
  const { jobId } = services.environment;
  try {
    return await doJob(services, signal);
  } catch (error) {
    if (error instanceof LostRaceError) {
      logInfo('The job has ended, or another worker has it.', { job_id: jobId });
      return EXIT.done;
    }
    // Whoever wants the job's end tells Batch, which then does not try again; else the host is taken away.
    if (!signal.aborted) logError('The job cannot be done here.', error, { job_id: jobId });
    return EXIT.hostUnfit;
  }
}

/** @throws LostRaceError; the signal's reason; what may go better on another host or at another time */
async function doJob(services: WorkerServices, signal: AbortSignal): Promise<ExitCode> {
  const { environment, jobs } = services;
  const { jobId } = environment;
  const job = (await jobs.load(jobId))?.job;
  if (job === undefined || hasEnded(job.status)) {
    logInfo('There is nothing to do for this job.', { job_id: jobId });
    if (job !== undefined) await tidyUp(services, job);
    return EXIT.done;
  }
  // An earlier attempt had finished and was lost before Batch heard of it.
  const outcome = job.outcome ?? (await outcomeOf(services, job, signal));
  if (outcome === undefined) return EXIT.done;
  const isKnown = job.outcome !== undefined || (await isRecorded(jobs, jobId, outcome));
  await tidyUp(services, job);
  return isKnown ? exitCodeOf(outcome) : EXIT.done;
}

/** Writes an outcome down, unless the job has ended meanwhile or has one. @throws what DynamoDB throws */
async function isRecorded(jobs: JobStore, jobId: string, outcome: Outcome): Promise<boolean> {
  try {
    await jobs.recordOutcome(jobId, outcome, new Date());
    return true;
  } catch (error) {
    if (!(error instanceof LostRaceError)) throw error;
    logInfo('The job has ended, or its outcome is known.', { job_id: jobId });
    return false;
  }
}

/**
 * What the work comes to. A failure that another attempt would meet too is an outcome like others. Who has encoded a part
 * leaves none, since others go on.
 */
async function outcomeOf(
  services: WorkerServices,
  job: JobRecord,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  try {
    return await work(services, job, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LostRaceError || isHostFailure(error)) throw error;
    logError('The job failed.', error, { job_id: job.job_id });
    return { error: toJobError(error) };
  }
}

async function work(
  services: WorkerServices,
  job: JobRecord,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { environment, jobs, secrets } = services;
  const { job_id: jobId, sealed_work = '' } = job;
  const { step } = environment;
  const host = step === 'package' ? undefined : await examineHost(environment, signal);
  // Parts may be encoded twice, as when a job was submitted twice: the pieces are the same.
  if (step !== 'encode') await jobs.claim(jobId, environment.batchJobId);
  const opened = v.parse(workSecretsSchema, await secrets.open(jobId, 'work', sealed_work));
  const folder = join(environment.scratchDir, `${jobId}-${step}-${environment.child}`);
  // What a killed attempt has left is of no use.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const transcoding = { environment, jobs, job, secrets: opened, folder, signal };
    if (host === undefined) return await packagePieces(transcoding, piecesOf(services, job));
    if (step === 'whole') return await transcode({ ...transcoding, host });
    await encodePart({ ...transcoding, host }, piecesOf(services, job));
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function piecesOf({ scratch: client, environment }: WorkerServices, job: JobRecord): PieceStore {
  return new PieceStore({ client, bucket: environment.scratchBucket, job });
}

/** Who packages is the last to need the pieces. */
async function tidyUp(services: WorkerServices, job: JobRecord): Promise<void> {
  if (services.environment.step !== 'package') return;
  try {
    await piecesOf(services, job).remove(job.plan?.spans.length ?? 0, job.outputs.length);
  } catch (error) {
    logError('The pieces of a job were not removed; the bucket does it within a day.', error, {
      job_id: job.job_id,
    });
  }
}

function exitCodeOf({ outputs = [], error }: Outcome): ExitCode {
  const isFailed = error !== undefined || outputs.some(({ status }) => status === 'error');
  return isFailed ? EXIT.jobFailed : EXIT.done;
}
