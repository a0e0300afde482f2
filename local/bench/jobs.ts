import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { JobResource } from '../../domain/job/job-resource.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import type { JobPlanResource } from '../../domain/plan/plan-resource.ts';
import type { OutputWords } from '../../domain/request/output.ts';
import type { Endpoints } from '../endpoints.ts';

/** How often a job is asked for: seldom, since answering takes processors too. Its own times tell when it ended. */
const POLL_MS = 2000;

/** What is asked of the service. Files go into its own bucket. */
export interface JobOrder {
  readonly url: string;
  readonly outputs: readonly OutputWords[];
}

export function bodyOf(
  { url, outputs }: JobOrder,
  endpoints: Pick<Endpoints, 'bucket' | 'access_key_id' | 'secret_access_key'>,
): string {
  const { bucket, access_key_id, secret_access_key } = endpoints;
  const creds = { access_key_id, secret_access_key };
  return JSON.stringify({ input: { url }, destination: { provider: 's3', bucket, creds }, outputs });
}

/**
 * Has a job done.
 *
 * @returns it, and the seconds from the request until all its files were in the bucket and it was complete
 * @throws Error for a job that fails
 */
export async function doJob(
  order: JobOrder,
  endpoints: Endpoints,
): Promise<{ job: JobResource; seconds: number }> {
  const begun = Date.now();
  const { job_id } = v.parse(
    v.object({ job_id: v.string() }),
    await call(`${endpoints.api}/v0/jobs/create`, bodyOf(order, endpoints)),
  );
  for (;;) {
    const job = (await call(`${endpoints.api}/v0/jobs/${job_id}`)) as JobResource;
    if (job.status === 'complete') return { job, seconds: secondsUntilEnd(job, begun) };
    if (hasEnded(job.status)) throw new Error(`A job failed: ${job.error?.message}`);
    await delay(POLL_MS);
  }
}

/** @param begun milliseconds since 1970 */
function secondsUntilEnd({ created_at, timings }: JobResource, begun: number): number {
  return (Date.parse(created_at) - begun) / 1000 + (timings.finished ?? Number.NaN);
}

/** What the service expects of a job. */
export async function planOf(order: JobOrder, endpoints: Endpoints): Promise<JobPlanResource> {
  const answer = await call(`${endpoints.api}/v0/jobs/plan`, bodyOf(order, endpoints));
  return answer as JobPlanResource;
}

async function call(url: string, body?: string): Promise<object> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(v.parse(v.object({ error: v.string() }), answer).error);
  return v.parse(v.looseObject({}), answer);
}
