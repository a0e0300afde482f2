import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';

const createdSchema = v.object({ job_id: v.string() });

const listSchema = v.object({
  jobs: v.array(v.object({ job_id: v.string(), status: v.string() })),
  next_cursor: v.optional(v.string()),
});

/** The API over so many connections, none of which waits for another. */
export class Connections {
  readonly #api: string;
  readonly #count: number;
  readonly #agent: http.Agent;

  constructor(api: string, count: number) {
    this.#api = api;
    this.#count = count;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: count });
  }

  /** Creates a job for each key. @returns their ids and the milliseconds that each answer took, in order */
  async createAll(keys: readonly string[], body: string): Promise<{ id: string; ms: number }[]> {
    const results: { id: string; ms: number }[] = [];
    const waiting = [...keys.entries()];
    const connection = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const begun = performance.now();
        const [index, key] = next;
        const answer = await this.#send('/v0/jobs/create', { 'idempotency-key': key }, body);
        results[index] = { id: v.parse(createdSchema, answer).job_id, ms: performance.now() - begun };
      }
    };
    await Promise.all(Array.from({ length: this.#count }, connection));
    return results;
  }

  /** @returns the states of all jobs that there are, by their ids, once none waits any more or the patience ends */
  async listSubmitted(expected: number, patienceMs: number): Promise<Map<string, string>> {
    const until = Date.now() + patienceMs;
    for (;;) {
      const listed = await this.#listAll();
      const isDone = listed.size >= expected && [...listed.values()].every((status) => status !== 'created');
      if (isDone || Date.now() > until) return listed;
      await delay(1000);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #listAll(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    let cursor: string | undefined;
    do {
      const page = v.parse(
        listSchema,
        await this.#send(`/v0/jobs?limit=100${cursor === undefined ? '' : `&cursor=${cursor}`}`),
      );
      for (const { job_id, status } of page.jobs) found.set(job_id, status);
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    return found;
  }

  #send(path: string, headers: Record<string, string> = {}, body?: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST';
      const options = { method, agent: this.#agent, headers };
      const request = http.request(`${this.#api}${path}`, options, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      });
      request.on('error', reject).end(body);
    });
  }
}
