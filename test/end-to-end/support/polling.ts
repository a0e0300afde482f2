import { setTimeout as delay } from 'node:timers/promises';
import type { JobResource } from '../../../domain/job/job-resource.ts';
import { hasEnded } from '../../../domain/job/job-state.ts';
import type { Service } from './service.ts';

/**
 * Asks for a job again and again until it has ended.
 *
 * @param pause milliseconds between an answer and the next question
 * @returns every answer
 */
export async function watch(service: Service, jobId: string, pause = 0): Promise<JobResource[]> {
  const seen: JobResource[] = [];
  do {
    seen.push(await service.job(jobId));
    await delay(pause);
  } while (!hasEnded(seen[seen.length - 1]?.status ?? 'created'));
  return seen;
}
