import type { JobResource } from '../../../domain/job/job-resource.ts';
import { hasEnded } from '../../../domain/job/job-state.ts';
import type { Service } from './service.ts';

/** Asks for a job again and again, without a pause, until it has ended. @returns every answer */
export async function watch(service: Service, jobId: string): Promise<JobResource[]> {
  const seen: JobResource[] = [];
  do seen.push(await service.job(jobId));
  while (!hasEnded(seen[seen.length - 1]?.status ?? 'created'));
  return seen;
}
