import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { JobResource } from '../../domain/job/job-resource.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import type { JobPlanResource } from '../../domain/plan/plan-resource.ts';
import type { OutputWords } from '../../domain/request/output.ts';
import { startReceiver } from '../callback-receiver.ts';
import type { Endpoints } from '../endpoints.ts';

/** How often somebody looks whether the service is still there. Whoever asks more often takes processors from the job. */
const LOOK_MS = 30_000;

/** What is asked of the service. Files go into its own bucket. */
export interface JobOrder {
  readonly url: string;
  readonly outputs: readonly OutputWords[];
}

/** @param callback URL that hears when the job has ended */
export function bodyOf(
  { url, outputs }: JobOrder,
  endpoints: Pick<Endpoints, 'bucket' | 'access_key_id' | 'secret_access_key'>,
  callback?: string,
): string {
  const { bucket, access_key_id, secret_access_key } = endpoints;
  const creds = { access_key_id, secret_access_key };
  return JSON.stringify({
    input: { url },
    destination: { provider: 's3', bucket, creds },
    outputs,
    callback,
  });
}

/**
 * Has a job done.
 *
 * @returns it, when it was asked for, and when all its files were in the bucket and it was complete, in milliseconds since 1970
 * @throws Error for a job that fails
 */
export async function doJob(
  order: JobOrder,
  endpoints: Endpoints,
): Promise<{ job: JobResource; begun: number; ended: number }> {
  const receiver = await startReceiver(endpoints.callback_secret);
  const body = bodyOf(order, endpoints, receiver.url);
  const begun = Date.now();
  try {
    const created = await call(`${endpoints.api}/v0/jobs/create`, body);
    const { job_id } = v.parse(v.object({ job_id: v.string() }), created);
    for (;;) {
      await Promise.race([receiver.received, delay(LOOK_MS, undefined, { ref: false })]);
      const job = (await call(`${endpoints.api}/v0/jobs/${job_id}`)) as JobResource;
      if (job.status === 'complete') return { job, begun, ended: endOf(job) };
      if (hasEnded(job.status)) throw new Error(`A job failed: ${job.error?.message}`);
    }
  } finally {
    await receiver.close();
  }
}

function endOf({ created_at, timings }: JobResource): number {
  return Date.parse(created_at) + 1000 * (timings.finished ?? Number.NaN);
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
