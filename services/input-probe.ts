import { OctetError } from '../domain/errors.ts';
import { exponentialBackoff } from './backoff.ts';
import type { GuardedClientOptions } from './guarded-client.ts';
import { HttpInput, notMedia } from './http-input.ts';
import { displayUrl } from './input-errors.ts';
import type { HeaderFindings, HeaderSource, MediaHeader } from './media-header.ts';
import { describeNonMedia } from './media-sniffer.ts';
import { BudgetedReader } from './probe-budget.ts';

export interface ProbeOptions extends GuardedClientOptions {
  /** Milliseconds for everything. @default 5000 */
  readonly budgetMs?: number;
  /** Bytes that may be fetched. @default 4 MiB */
  readonly budgetBytes?: number;
  /** @default 8 */
  readonly maxRequests?: number;
}

/** The facts of an input that the plan is made from. */
export interface ProbedInput extends MediaHeader {
  readonly size_bytes: number;
  readonly etag?: string;
}

/** What the quick look found. Where it could not settle the input, the worker does. */
export type ProbeResult =
  | { readonly settled: true; readonly input: ProbedInput }
  | {
      readonly settled: false;
      /** One sentence, for the log. */
      readonly reason: string;
      /** Missing when the server had not answered in time. */
      readonly size_bytes?: number;
    };

/**
 * Looks at an input for a few seconds at most: one request for an MP4 that is made for streaming.
 *
 * @throws OctetError for what is certainly wrong: `input_unreachable`, `input_no_range_support`, `input_not_media`,
 *   `input_unsupported`, `input_corrupt`, `input_changed`
 */
export async function probeInput(url: string, options: ProbeOptions): Promise<ProbeResult> {
  const deadline = AbortSignal.timeout(options.budgetMs ?? 5000);
  let input: HttpInput | undefined;
  try {
    input = await HttpInput.open(url, {
      connectTimeoutMs: 2000,
      ...options,
      retry: exponentialBackoff({ attempts: 2, baseMs: 100 }),
      signal: deadline,
    });
    return await probeOpened(input, options, deadline);
  } catch (error) {
    if (!deadline.aborted || error instanceof OctetError) throw error;
    return unsettled('The server was too slow for the quick look at an input.', input);
  } finally {
    input?.close();
  }
}

async function probeOpened(
  input: HttpInput,
  { budgetBytes = 4 * 1024 * 1024, maxRequests = 8 }: ProbeOptions,
  deadline: AbortSignal,
): Promise<ProbeResult> {
  const otherThing = describeNonMedia(input.firstBytes);
  if (otherThing !== undefined) throw notMedia(input.finalUrl, otherThing);

  const reader = new BudgetedReader(input, { bytes: budgetBytes, requests: maxRequests }, deadline);
  const findings = await readSafely(reader, deadline);
  // A failed read may have made the parser take the file for something else, so that comes first.
  if (reader.failure instanceof OctetError) throw reader.failure;
  deadline.throwIfAborted();
  if (reader.failure instanceof Error) return unsettled(reader.failure.message, input);
  switch (findings.kind) {
    case 'unsettled':
      return unsettled(findings.reason, input);
    case 'no-video': {
      const message = `${displayUrl(input.finalUrl)} has no video stream (${findings.container} with audio or data alone): give a file that holds video.`;
      throw new OctetError('input_unsupported', message);
    }
    case 'no-streams': {
      const message = `${displayUrl(input.finalUrl)} does not list its streams (${findings.container} without moov): its upload was probably cut short, so upload it again.`;
      throw new OctetError('input_corrupt', message);
    }
    case 'video': {
      const { size, etag } = input;
      return {
        settled: true,
        input: { ...findings.header, size_bytes: size, ...(etag === undefined ? {} : { etag }) },
      };
    }
  }
}

/** Parses until the deadline. What the parser says about a broken file settles nothing: ffmpeg may still read it. */
async function readSafely(file: HeaderSource, deadline: AbortSignal): Promise<HeaderFindings> {
  const unreadable: HeaderFindings = { kind: 'unsettled', reason: 'Its header could not be read.' };
  // The parser is most of what a Lambda function would have to load before it can refuse a bad request.
  const parsed = import('./media-header.ts')
    .then(({ readMediaHeader }) => readMediaHeader(file))
    .catch(() => unreadable);
  const late = new Promise<HeaderFindings>((resolve) => {
    deadline.addEventListener('abort', () => resolve(unreadable), { once: true });
  });
  return Promise.race([parsed, late]);
}

function unsettled(reason: string, input: HttpInput | undefined): ProbeResult {
  return { settled: false, reason, ...(input === undefined ? {} : { size_bytes: input.size }) };
}
