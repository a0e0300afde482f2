import * as v from 'valibot';
import { NAMES } from '../resources.ts';
import type { Inputs } from './inputs.ts';
import type { JobSpec } from './job-specs.ts';
import type { Receivers } from './receivers.ts';
import type { ServiceProcess } from './service-process.ts';

export interface ClientOptions {
  readonly service: ServiceProcess;
  readonly inputs: Inputs;
  readonly receivers: Receivers;
  readonly signal: AbortSignal;
}

/** What came of a request. */
export type Answer =
  | { readonly kind: 'done'; readonly jobId: string }
  /** It was refused, for a reason that may be gone at the next time. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Nobody can tell: it may have been done. */
  | { readonly kind: 'unheard'; readonly why: string };

/** Longer than an API may take to answer. */
const TIMEOUT_MS = 35_000;

const createdSchema = v.object({ job_id: v.string() });

/** An answer that no fault explains. */
export class RefusedError extends Error {}

/** Somebody who has jobs made. */
export class Client {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * Sends a job once.
   *
   * @param tag that no other job has: the folder of its files, and its idempotency key
   * @throws RefusedError
   */
  async create(spec: JobSpec, tag: string): Promise<Answer> {
    const { inputs, receivers, service } = this.#options;
    const { creds } = await service.ready;
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
    return this.#post('/v0/jobs/create', { 'idempotency-key': tag }, JSON.stringify(body));
  }

  /** Cancels a job. One that has ended refuses. @throws RefusedError */
  cancel(jobId: string): Promise<Answer> {
    return this.#post(`/v0/jobs/${jobId}/cancel`, {}, '');
  }

  async #post(path: string, headers: Record<string, string>, body: string): Promise<Answer> {
    const { service, signal } = this.#options;
    signal.throwIfAborted();
    try {
      const { api } = await service.ready;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const response = await fetch(api + path, { method: 'POST', headers, body, signal: limit });
      const text = await response.text();
      return answerOf(path, response.status, text);
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      return { kind: 'unheard', why: String(error) };
    }
  }
}

function answerOf(path: string, status: number, text: string): Answer {
  const why = `${status} ${text}`;
  if (status === 200) return { kind: 'done', jobId: v.parse(createdSchema, JSON.parse(text)).job_id };
  // The same request is being answered, or has been lost; or the job to cancel has ended.
  if (status === 409) return path.endsWith('/cancel') ? { kind: 'refused', why } : { kind: 'unheard', why };
  if (status >= 500) return { kind: 'unheard', why };
  // An input or a destination that cannot be reached just now.
  if (status === 422 && !text.includes('"idempotency_key_reused"')) return { kind: 'refused', why };
  throw new RefusedError(`${path} was answered ${why}`);
}
