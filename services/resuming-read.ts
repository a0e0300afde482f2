import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { RetryPolicy } from './backoff.ts';
import { fromNetworkFailure, InputError } from './input-errors.ts';

/** What a range is read from. */
export interface RangeSource {
  readonly finalUrl: URL;
  openRange(start: number, end: number, signal?: AbortSignal): Promise<Readable>;
}

export interface ResumingReadOptions {
  /** Tries without any progress; a try that brought bytes starts the count anew. */
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fills `target` with the bytes of a source from `start` on. When the connection breaks, stalls or the server is busy, it
 * goes on where it stopped.
 *
 * @throws InputError when it cannot; the signal's reason when it is aborted
 */
export async function readInto(
  source: RangeSource,
  target: Uint8Array,
  start: number,
  { retry, signal }: ResumingReadOptions,
): Promise<void> {
  let filled = 0;
  let failures = 0;
  while (filled < target.length) {
    const before = filled;
    try {
      const body = await source.openRange(start + filled, start + target.length - 1, signal);
      // An iterator would wait for each of many small pieces.
      body.on('data', (chunk: Buffer) => {
        const piece = chunk.subarray(0, target.length - filled);
        target.set(piece, filled);
        filled += piece.length;
        // Reading on to the end of the answer keeps the connection for the next range.
        if (piece.length < chunk.length) body.destroy();
      });
      await finished(body);
      if (filled === before) throw new Error('The answer holds no bytes.');
    } catch (cause) {
      signal?.throwIfAborted();
      if (filled === target.length) return;
      const error = fromNetworkFailure(cause, source.finalUrl);
      failures = filled > before ? 1 : failures + 1;
      if (!(error instanceof InputError) || !error.transient || failures >= retry.attempts) throw error;
      await retry.wait(failures, signal);
    }
  }
}
