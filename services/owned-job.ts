import { OctetError } from '../domain/errors.ts';
import { isJobId } from '../domain/job/job-id.ts';
import type { JobSnapshot } from '../domain/job/job-record.ts';
import type { JobStore } from './job-store/job-store.ts';

/**
 * A tenant's own job. Another's is not told from one that does not exist.
 *
 * @throws OctetError `not_found`
 */
export async function ownedJob(jobs: JobStore, tenant: string, jobId: string): Promise<JobSnapshot> {
  const snapshot = isJobId(jobId) ? await jobs.load(jobId) : undefined;
  if (snapshot?.job.tenant !== tenant) throw new OctetError('not_found', `There is no job ${jobId}.`);
  return snapshot;
}
