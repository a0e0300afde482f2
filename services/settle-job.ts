import * as v from 'valibot';
import { endingOf, jobEndedEventSchema } from '../domain/batch/job-ended-event.ts';
import { jobIdOf } from '../domain/batch/job-name.ts';
import { type EndJobServices, endJob } from './end-job.ts';

/**
 * Settles the job whose Batch job has ended. Right for events that come twice, late, or for another Batch job than the one
 * whose worker has the job.
 *
 * @param event "Batch Job State Change" as EventBridge sends it
 */
export async function settleJob(services: EndJobServices, event: unknown): Promise<void> {
  const { detail } = v.parse(jobEndedEventSchema, event);
  const jobId = jobIdOf(detail.jobName);
  const snapshot = jobId && (await services.jobs.load(jobId));
  if (!snapshot) return;
  const { job } = snapshot;
  if (job.claimed_by !== undefined && job.claimed_by !== detail.jobId) return;
  await endJob(services, job, endingOf(detail, job.outcome));
}
