import { endingOf, endingOfOutcome } from '../domain/batch/job-ended-event.ts';
import { LostRaceError, OctetError } from '../domain/errors.ts';
import { ATTENTIONS, type Attention } from '../domain/job/attention.ts';
import { batchJobOf, type JobRecord } from '../domain/job/job-record.ts';
import { type Ending, hasEnded } from '../domain/job/job-state.ts';
import type { BatchJobState, JobQueue } from './batch.ts';
import { type EndJobServices, endJob, queueCallback } from './end-job.ts';
import type { JobMessageQueue } from './job-message-queue.ts';
import type { JobFinder } from './job-store/job-finder.ts';
import { logError } from './log.ts';
import { recordWork } from './record-work.ts';

export interface ReconcileServices extends EndJobServices {
  readonly finder: JobFinder;
  readonly queue: JobQueue;
  readonly submissions: JobMessageQueue;
}

/** How many jobs something was done for that had been left undone. */
export type Reconciled = Readonly<Record<Attention, number>>;

/** Jobs of each kind in one go; the next goes on. */
const LIMIT = 100;

type Reconcile = (services: ReconcileServices, job: JobRecord, now: Date) => Promise<boolean>;

const RECONCILE: Readonly<Record<Attention, Reconcile>> = {
  submission: submitAgain,
  end: lookForEnd,
  callback: queueAgain,
};

/**
 * Finds what somebody should have done for a job and did not, as when a function or a message was lost, and does it. One
 * job that cannot be helped does not keep the others from it.
 */
export async function reconcileJobs(services: ReconcileServices, now: Date): Promise<Reconciled> {
  const counts = { submission: 0, end: 0, callback: 0 };
  for (const attention of ATTENTIONS) {
    for (const jobId of await services.finder.overdue(attention, now, LIMIT)) {
      if (await reconcile(services, attention, jobId, now)) counts[attention] += 1;
    }
  }
  return counts;
}

async function reconcile(services: ReconcileServices, attention: Attention, jobId: string, now: Date) {
  try {
    // The index is a little behind the table.
    const job = (await services.jobs.load(jobId))?.job;
    return job?.attention === attention && (await RECONCILE[attention](services, job, now));
  } catch (error) {
    if (!(error instanceof LostRaceError))
      logError('A job could not be reconciled.', error, { job_id: jobId });
    return false;
  }
}

async function submitAgain({ jobs, submissions }: ReconcileServices, job: JobRecord, now: Date) {
  await submissions.send(job.job_id);
  await jobs.postpone(job.job_id, 'submission', now);
  return true;
}

/** @returns whether the job had ended in Batch, and nobody had heard of it */
async function lookForEnd(services: ReconcileServices, job: JobRecord, now: Date) {
  const { jobs, queue } = services;
  if (hasEnded(job.status)) {
    await jobs.settleAttention(job.job_id, 'end');
    return false;
  }
  const batchJob = await queue.find(batchJobOf(job) ?? '');
  if (batchJob.state === 'live') {
    await jobs.postpone(job.job_id, 'end', now);
    return false;
  }
  // Its worker may have written its last word while Batch was asked, or another worker may have taken the job on.
  const known = (await jobs.load(job.job_id))?.job;
  if (known === undefined || batchJobOf(known) !== batchJobOf(job)) return false;
  if (batchJob.state === 'ended') await recordWork(jobs, known, batchJob.detail);
  await endJob(services, known, endingIn(batchJob, known));
  return true;
}

/** What a worker wrote down counts, also where Batch has forgotten its job. */
function endingIn(batchJob: BatchJobState, { outcome }: JobRecord): Ending {
  if (batchJob.state === 'ended') return endingOf(batchJob.detail, outcome);
  return endingOfOutcome(outcome ?? {}) ?? FORGOTTEN;
}

const FORGOTTEN = {
  status: 'error',
  error: new OctetError('infrastructure', 'The job was lost on its way; send it again.').toJobError(),
} as const;

async function queueAgain(services: ReconcileServices, job: JobRecord) {
  if (job.callback_status !== 'waiting') {
    await services.jobs.settleAttention(job.job_id, 'callback');
    return false;
  }
  await queueCallback(services, job.job_id);
  return true;
}
