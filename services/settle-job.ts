import * as v from 'valibot';
import { endingOf, type JobEndedDetail, jobEndedEventSchema } from '../domain/batch/job-ended-event.ts';
import { arrayIdOf, parseBatchJobName } from '../domain/batch/job-name.ts';
import type { JobRecord } from '../domain/job/job-record.ts';
import type { JobQueue } from './batch.ts';
import { type EndJobServices, endJob } from './end-job.ts';
import { recordWork } from './record-work.ts';

export interface SettleJobServices extends EndJobServices {
  readonly queue: JobQueue;
}

/**
 * Settles the job whose Batch job has ended. Right for events that come twice, late, or for another Batch job than the one
 * whose worker has the job.
 *
 * @param event "Batch Job State Change" as EventBridge sends it
 */
export async function settleJob(services: SettleJobServices, event: unknown): Promise<void> {
  const { detail } = v.parse(jobEndedEventSchema, event);
  const name = parseBatchJobName(detail.jobName);
  const job = name && (await services.jobs.load(name.jobId))?.job;
  if (!job) return;
  await recordWork(services.jobs, job, detail);
  if (name.step === 'encode') return settleEncoding(services, job, detail);
  if (job.claimed_by !== undefined && job.claimed_by !== detail.jobId) return;
  await endJob(services, job, endingOf(detail, job.outcome));
}

/** A split job fails as soon as one of its parts has failed for good; the others are then stopped. */
async function settleEncoding(
  services: SettleJobServices,
  job: JobRecord,
  detail: JobEndedDetail,
): Promise<void> {
  if (detail.status === 'SUCCEEDED' || job.encode_job_id !== arrayIdOf(detail.jobId)) return;
  await endJob(services, job, endingOf(detail, job.outcome));
  // Whoever ended it, perhaps this call, which did not hear of it, may not have come to this.
  const ended = (await services.jobs.load(job.job_id))?.job;
  if (ended?.status === 'error')
    await services.queue.terminate(job.encode_job_id, 'Another part of the job has failed.');
}
