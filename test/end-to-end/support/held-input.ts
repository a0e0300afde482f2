import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LocalServer, listenOnLoopback } from '../../../local/http-server.ts';

/**
 * A web server with one file, which holds the second half of it back until it is told to go on: so a job stays in
 * mid-encode for as long as a test wants it to.
 */
export class HeldInput {
  readonly #content: Buffer;
  readonly #held = new Map<ServerResponse, Buffer>();
  #isHolding = true;
  #etag = '"first"';
  #server: LocalServer | undefined;
  #port = 0;

  private constructor(content: Buffer) {
    this.#content = content;
  }

  static async start(path: string): Promise<HeldInput> {
    const input = new HeldInput(readFileSync(path));
    await input.comeBack();
    return input;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/held.mp4`;
  }

  /** Sends what was held back, and from now on all that is asked for. */
  release(): void {
    this.#isHolding = false;
    for (const [response, rest] of this.#held) response.end(rest);
    this.#held.clear();
  }

  /** Has another file in the place of the one of before. */
  change(): void {
    this.#etag = '"second"';
    for (const response of this.#held.keys()) response.destroy();
    this.#held.clear();
  }

  /** Cuts every connection, and refuses new ones. */
  async vanish(): Promise<void> {
    this.#held.clear();
    await this.#server?.close();
  }

  async comeBack(): Promise<void> {
    this.#server = await listenOnLoopback((...exchange) => this.#answer(...exchange), this.#port);
    this.#port = this.#server.port;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #answer({ headers }: IncomingMessage, response: ServerResponse): void {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const { length } = this.#content;
    const end = Math.min(to === '' ? length : Number(to) + 1, length);
    if (![undefined, this.#etag].includes(headers['if-match'])) {
      response.writeHead(412).end();
      return;
    }
    const contentRange = `bytes ${from}-${end - 1}/${length}`;
    response.writeHead(206, { etag: this.#etag, 'content-range': contentRange });
    response.flushHeaders();
    const middle = this.#isHolding ? Math.min(end, Math.max(Number(from), Math.floor(length / 2))) : end;
    response.write(this.#content.subarray(Number(from), middle));
    if (middle === end) response.end();
    else this.#hold(response, this.#content.subarray(middle, end));
  }

  #hold(response: ServerResponse, rest: Buffer): void {
    this.#held.set(response, rest);
    response.once('close', () => this.#held.delete(response));
  }
}
