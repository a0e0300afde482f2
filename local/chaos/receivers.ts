import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { type LocalServer, listenOnLoopback, readBody } from '../http-server.ts';
import type { JobSpec } from './job-specs.ts';

/** A callback as it came. */
export interface Receipt {
  readonly webhookId: string;
  readonly jobId: string;
  readonly status: string;
  readonly isSigned: boolean;
  /** Whether its receiver took it. */
  readonly isTaken: boolean;
}

const payloadSchema = v.object({ api_version: v.literal('v0'), job_id: v.string(), status: v.string() });

/** Where nothing is ever to come: redirects of callbacks are not followed. */
const ELSEWHERE = '/elsewhere';

/** The owners of all jobs, whose callbacks are taken only after some were refused. */
export class Receivers {
  readonly receipts: Receipt[] = [];
  /** How many callbacks followed a redirect. */
  astray = 0;
  readonly #specs = new Map<string, JobSpec>();
  readonly #counts = new Map<string, number>();
  #server: LocalServer | undefined;
  #secret = '';

  async listen(): Promise<void> {
    this.#server = await listenOnLoopback(async (request, response) => {
      const body = String(await readBody(request));
      const path = request.url ?? '';
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      this.#take(path, Object.fromEntries(headers), body, response);
    });
  }

  /** The secret that callbacks are signed with. */
  set secret(secret: string) {
    this.#secret = secret;
  }

  /** @param tag that no other job has */
  urlOf(spec: JobSpec, tag: string): string {
    const path = `/jobs/${tag}`;
    this.#specs.set(path, spec);
    return `${this.#server?.url}${path}`;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #take(path: string, headers: Record<string, string>, body: string, response: ServerResponse): void {
    const spec = this.#specs.get(path);
    if (path === ELSEWHERE || spec === undefined) {
      this.astray += 1;
      response.writeHead(204).end();
      return;
    }
    const count = (this.#counts.get(path) ?? 0) + 1;
    this.#counts.set(path, count);
    const isTaken = count > spec.refusals;
    this.receipts.push({ ...this.#read(headers, body), isTaken });
    if (isTaken) response.writeHead(204).end();
    else this.#refuse(spec, response);
  }

  #read(headers: Record<string, string>, body: string): Omit<Receipt, 'isTaken'> {
    const { job_id: jobId, status } = v.parse(payloadSchema, JSON.parse(body));
    return { webhookId: headers['webhook-id'] ?? '', jobId, status, isSigned: this.#isSigned(headers, body) };
  }

  #isSigned(headers: Record<string, string>, body: string): boolean {
    try {
      new Webhook(this.#secret).verify(body, headers);
      return true;
    } catch {
      return false;
    }
  }

  #refuse({ receiver }: JobSpec, response: ServerResponse): void {
    if (receiver === 'fail') response.writeHead(500).end();
    else if (receiver === 'throttle') response.writeHead(429, { 'retry-after': '1' }).end();
    else if (receiver === 'redirect')
      response.writeHead(307, { location: `${this.#server?.url}${ELSEWHERE}` }).end();
    else if (receiver === 'cut') response.destroy();
    // One that hangs says nothing until its client gives up.
  }
}
