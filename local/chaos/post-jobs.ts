import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { NAMES } from '../resources.ts';
import type { Inputs } from './inputs.ts';
import type { JobSpec } from './job-specs.ts';
import type { Receivers } from './receivers.ts';
import type { ServiceProcess } from './service-process.ts';

/** A job that the service has said yes to. */
export interface AcceptedJob {
  readonly jobId: string;
  readonly spec: JobSpec;
}

export interface PostJobsOptions {
  readonly service: ServiceProcess;
  readonly inputs: Inputs;
  readonly receivers: Receivers;
  /** Told of each as soon as it is accepted. */
  readonly onAccepted: (job: AcceptedJob) => void;
  /** By its tag: every job that was asked for, which may be stored though nobody said so. */
  readonly asked: Map<string, JobSpec>;
  readonly signal: AbortSignal;
}

const CONNECTIONS = 4;

/** How often a job is sent. Each time it is another job to the service, with files of its own. */
const TRIES = 25;

/** Longer than an API may take to answer. */
const TIMEOUT_MS = 35_000;

const PAUSE_MS = 200;

const createdSchema = v.object({ job_id: v.string() });

/**
 * Posts jobs over a few connections, each until it is accepted.
 *
 * @throws Error when one never is, or is refused for a reason that has nothing to do with faults; the signal's reason
 */
export async function postJobs(specs: readonly JobSpec[], options: PostJobsOptions): Promise<void> {
  const left = [...specs];
  const connection = async () => {
    for (let spec = left.shift(); spec !== undefined; spec = left.shift())
      await postUntilAccepted(spec, options);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

async function postUntilAccepted(spec: JobSpec, options: PostJobsOptions): Promise<void> {
  let last = '';
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    options.signal.throwIfAborted();
    try {
      const jobId = await post(spec, `${spec.index}-${attempt}`, options);
      options.onAccepted({ jobId, spec });
      return;
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      last = String(error);
      await delay(PAUSE_MS);
    }
  }
  throw new Error(`Job ${spec.index} was sent ${TRIES} times and never accepted: ${last}`);
}

/** An answer that no fault explains. */
class RefusedError extends Error {}

async function post(spec: JobSpec, tag: string, options: PostJobsOptions): Promise<string> {
  const { service, inputs, receivers, asked } = options;
  const { api, creds } = await service.ready;
  asked.set(tag, spec);
  const body = {
    input: { url: inputs.urlOf(spec.input, tag) },
    destination: { provider: 's3', region: 'us-east-1', bucket: NAMES.bucket, creds },
    outputs: Array.from({ length: spec.outputs }, (_, index) => ({
      codec: 'h264',
      resolution: '64x36',
      preset: 'hp',
      dest_path: `${tag}/${index}.mp4`,
    })),
    callback: receivers.urlOf(spec, tag),
  };
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(`${api}/v0/jobs/create`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal,
  });
  const text = await response.text();
  if (response.ok) return v.parse(createdSchema, JSON.parse(text)).job_id;
  // An input or a destination that cannot be reached just now is told as 422.
  if (response.status < 500 && response.status !== 422) throw new RefusedError(`${response.status} ${text}`);
  throw new Error(`${response.status} ${text}`);
}
