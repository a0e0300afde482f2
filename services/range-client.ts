import type { Readable } from 'node:stream';
import { assertAllowedUrl } from './address-guard.ts';
import { GuardedClient, type GuardedClientOptions } from './guarded-client.ts';
import { displayUrl, fromNetworkFailure, fromStatus, InputError } from './input-errors.ts';

/** An answer to a ranged request. Its body must be read or given to `discard`. */
export interface RangeAnswer {
  readonly status: number;
  readonly url: URL;
  readonly body: Readable;
  /** A response header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What the caller must look at itself: full and partial content, a failed condition, a range that does not exist. */
const PASSED_ON = new Set([200, 206, 412, 416]);
/** What the end of a redirect answers when its signed URL has run out; the first URL then gives a new one. */
const EXPIRED = new Set([400, 401, 403, 404, 410]);

/** Sends ranged GETs to one URL, follows its redirects by hand and checks every hop. */
export class RangeClient {
  readonly #client: GuardedClient;
  readonly #options: GuardedClientOptions;
  readonly #first: URL;
  #current: URL;

  /** @throws InputError `input_unreachable` when the URL itself is not allowed */
  constructor(url: string, options: GuardedClientOptions) {
    this.#options = options;
    this.#first = this.#allowed(url);
    this.#current = this.#first;
    this.#client = new GuardedClient(options);
  }

  /** Where the last redirect led, and where the next request goes first. */
  get url(): URL {
    return this.#current;
  }

  /**
   * Asks for a range, with the given conditions.
   *
   * @param end inclusive
   * @returns an answer with status 200, 206, 412 or 416
   * @throws InputError `input_unreachable` for anything else; the signal's reason when it is aborted
   */
  async get(
    start: number,
    end: number,
    conditions: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<RangeAnswer> {
    // Compressed answers have other offsets than the file.
    const headers = { ...conditions, range: `bytes=${start}-${end}`, 'accept-encoding': 'identity' };
    try {
      return await this.#ask(headers, signal);
    } catch (error) {
      // The host that a redirect led to may be gone for good, so the next try asks the first one again.
      this.#current = this.#first;
      throw error;
    }
  }

  /** Drops every connection; requests and bodies in progress fail. */
  close(): void {
    this.#client.destroy();
  }

  async #ask(headers: Record<string, string>, signal?: AbortSignal): Promise<RangeAnswer> {
    const asked = this.#current;
    let answer = await this.#follow(asked, headers, signal);
    if (EXPIRED.has(answer.status) && asked.href !== this.#first.href) {
      discard(answer.body);
      answer = await this.#follow(this.#first, headers, signal);
    }
    if (PASSED_ON.has(answer.status)) {
      this.#current = answer.url;
      return answer;
    }
    discard(answer.body);
    throw fromStatus(answer.status, answer.url);
  }

  async #follow(from: URL, headers: Record<string, string>, signal?: AbortSignal): Promise<RangeAnswer> {
    let url = from;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const answer = await this.#send(url, headers, signal);
      const location = answer.header('location');
      if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
      discard(answer.body);
      url = this.#allowed(location, url);
    }
    const message = `${displayUrl(from)} redirects more than ${MAX_REDIRECTS} times: give the URL that it leads to.`;
    throw new InputError('input_unreachable', message);
  }

  async #send(url: URL, headers: Record<string, string>, signal?: AbortSignal): Promise<RangeAnswer> {
    try {
      const answer = await this.#client.send(url, { headers, signal });
      const header = (name: string) => {
        const value = answer.headers[name];
        return typeof value === 'object' ? value[0] : value;
      };
      return { status: answer.statusCode ?? 0, url, body: answer, header };
    } catch (error) {
      signal?.throwIfAborted();
      throw fromNetworkFailure(error, url);
    }
  }

  #allowed(url: string, base?: URL): URL {
    try {
      return assertAllowedUrl(URL.canParse(url, base?.href) ? new URL(url, base) : url, this.#options);
    } catch (error) {
      throw fromNetworkFailure(error, base ?? this.#first);
    }
  }
}

/** Drops a body that nobody wants, and its connection with it. */
export function discard(body: Readable): void {
  // Destroying an unfinished body makes it emit an error, which is what was asked for.
  body.on('error', () => {});
  body.destroy();
}
