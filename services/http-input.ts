import type { Readable } from 'node:stream';
import { exponentialBackoff, type RetryPolicy } from './backoff.ts';
import type { GuardedClientOptions } from './guarded-client.ts';
import { displayUrl, fromNetworkFailure, InputError } from './input-errors.ts';
import {
  assertSameFile,
  conditionsFor,
  type InputIdentity,
  noRangeSupport,
  parseContentRange,
} from './input-identity.ts';
import { describeNonMedia } from './media-sniffer.ts';
import { discard, type RangeAnswer, RangeClient } from './range-client.ts';
import { readInto } from './resuming-read.ts';

export interface HttpInputOptions extends GuardedClientOptions {
  /** Bytes that the first request asks for. @default 262144 */
  readonly firstBytes?: number;
  /** How often the first request is tried. @default 3 times */
  readonly retry?: RetryPolicy;
  /** Ends the opening. */
  readonly signal?: AbortSignal;
}

/** A file behind a URL that can be read in ranges. `close` must be called. */
export class HttpInput implements InputIdentity {
  readonly size: number;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly contentType: string | undefined;
  /** The beginning of the file; the whole of it when it is short. */
  readonly firstBytes: Buffer;
  readonly #client: RangeClient;

  private constructor(client: RangeClient, answer: RangeAnswer, size: number, firstBytes: Buffer) {
    this.#client = client;
    this.size = size;
    this.etag = answer.header('etag');
    this.lastModified = answer.header('last-modified');
    this.contentType = answer.header('content-type');
    this.firstBytes = firstBytes;
  }

  /**
   * Opens a URL by asking for its first bytes.
   *
   * @throws InputError `input_unreachable`, `input_no_range_support` or `input_not_media`; the signal's reason
   */
  static async open(url: string, options: HttpInputOptions): Promise<HttpInput> {
    const { firstBytes = 256 * 1024, retry = exponentialBackoff({ attempts: 3 }), signal } = options;
    const client = new RangeClient(url, options);
    try {
      for (let failures = 1; ; failures++) {
        try {
          return await HttpInput.#openOnce(client, firstBytes, signal);
        } catch (error) {
          const again = error instanceof InputError && error.transient && failures < retry.attempts;
          if (!again) throw error;
          await retry.wait(failures, signal);
        }
      }
    } catch (error) {
      client.close();
      throw error;
    }
  }

  static async #openOnce(client: RangeClient, wanted: number, signal?: AbortSignal): Promise<HttpInput> {
    const answer = await client.get(0, wanted - 1, {}, signal);
    try {
      if (answer.status === 416) throw refusalOfUnsatisfiedRange(answer);
      if (isCompressed(answer)) throw compressed(answer.url);
      if (answer.status === 200) throw await refusalOfFullAnswer(answer);
      const range = parseContentRange(answer.header('content-range'));
      if (answer.status !== 206 || range?.start !== 0) throw noRangeSupport(answer.url);
      if (range.total === undefined) throw unknownSize(answer.url);
      const bytes = await readUpTo(answer.body, Math.min(wanted, range.total));
      return new HttpInput(client, answer, range.total, bytes);
    } catch (error) {
      signal?.throwIfAborted();
      throw fromNetworkFailure(error, answer.url);
    } finally {
      discard(answer.body);
    }
  }

  /** Where the redirects ended. It may be a secret; show it by `displayUrl`. */
  get finalUrl(): URL {
    return this.#client.url;
  }

  /**
   * Asks for a range once and checks that it is of the same file. The answer may end early: see `readInto`.
   *
   * @param end inclusive
   * @throws InputError `input_changed` among others; the signal's reason
   */
  async openRange(start: number, end: number, signal?: AbortSignal): Promise<Readable> {
    const answer = await this.#client.get(start, end, conditionsFor(this), signal);
    try {
      assertSameFile(answer, this, start);
    } catch (error) {
      discard(answer.body);
      throw error;
    }
    return answer.body;
  }

  /** Reads a range completely; a broken connection is resumed once. @param end inclusive */
  async readRange(start: number, end: number, signal?: AbortSignal): Promise<Buffer> {
    const bytes = Buffer.alloc(end - start + 1);
    await readInto(this, bytes, start, { retry: exponentialBackoff({ attempts: 2 }), signal });
    return bytes;
  }

  /** Drops every connection. */
  close(): void {
    this.#client.close();
  }
}

async function readUpTo(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

/** No byte can be had of an empty file; but some servers refuse every range that is longer than the file. */
function refusalOfUnsatisfiedRange(answer: RangeAnswer): InputError {
  const hasBytes = /^bytes \*\/0*[1-9]/.test(answer.header('content-range') ?? '');
  return hasBytes ? noRangeSupport(answer.url) : empty(answer.url);
}

/** A full answer to a ranged request is often a login or error page, which is worth more to hear than the missing ranges. */
async function refusalOfFullAnswer(answer: RangeAnswer): Promise<InputError> {
  const sample = await readUpTo(answer.body, 1024);
  if (sample.length === 0) return empty(answer.url);
  const what = describeNonMedia(sample);
  return what === undefined ? noRangeSupport(answer.url) : notMedia(answer.url, what);
}

function isCompressed(answer: RangeAnswer): boolean {
  // S3-compatible stores keep `aws-chunked`, a detail of the upload, as if it were an encoding of the file.
  return /gzip|deflate|br|zstd|compress/i.test(answer.header('content-encoding') ?? '');
}

function compressed(url: URL): InputError {
  const message = `${displayUrl(url)} is served compressed (Content-Encoding), so ranges cannot be read: serve it as it is.`;
  return new InputError('input_no_range_support', message);
}

function unknownSize(url: URL): InputError {
  const message = `${displayUrl(url)} does not tell the file's size (Content-Range ends with *): put the file on a server that does, such as S3.`;
  return new InputError('input_no_range_support', message);
}

function empty(url: URL): InputError {
  return new InputError(
    'input_not_media',
    `${displayUrl(url)} is empty: check that its upload was complete.`,
  );
}

/** The error for a file that is certainly not media. @param what such as `a web page (text/html)` */
export function notMedia(url: URL, what: string): InputError {
  const message = `${displayUrl(url)} is ${what}, not a media file: give the URL of the video file itself.`;
  return new InputError('input_not_media', message);
}
