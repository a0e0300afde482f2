import { type JobEndedDetail, secondsOfWork } from '../domain/batch/job-ended-event.ts';
import { parseBatchJobName } from '../domain/batch/job-name.ts';
import type { JobRecord } from '../domain/job/job-record.ts';
import type { JobStore } from './job-store/job-store.ts';

/** Writes down what a Batch job has taken of a machine to encode, as often as its end is told. What packages has no GPU. */
export async function recordWork(jobs: JobStore, job: JobRecord, detail: JobEndedDetail): Promise<void> {
  const isPackaging = job.encode_job_id !== undefined && parseBatchJobName(detail.jobName)?.step === 'job';
  const seconds = secondsOfWork(detail);
  if (seconds === 0 || isPackaging) return;
  await jobs.recordEncodingSeconds(job.job_id, detail.jobId, seconds);
}
