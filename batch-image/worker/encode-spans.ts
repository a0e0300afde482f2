import type { EncodeProgress } from '../../domain/media/progress.ts';
import { framesBefore } from '../../domain/mp4/sample-times.ts';
import type { Span } from '../../domain/plan/spans.ts';
import { type EncodeJob, encode } from './encode.ts';
import { readLayout } from './layout.ts';
import { together } from './together.ts';
import type { EncodedFile, EncodedSpan } from './transcoding.ts';

/** A span, and what is made of it. */
export interface SpanToEncode {
  /** Undefined for all of the input. */
  readonly span: Span | undefined;
  readonly files: readonly EncodedFile[];
  /** How much of it is encoded, roughly from 0 to 1. */
  readonly fractionOf: (progress: EncodeProgress) => number;
}

/** How many of a span's frames are its own. All outputs have the same ones. */
async function framesUpTo(end: number, [path = '']: readonly string[]): Promise<number> {
  return framesBefore((await readLayout(path)).header, end);
}

/** Encodes spans of an input at the same time, so that every encoder of a GPU has something to do. */
export async function encodeSpans(
  job: Omit<EncodeJob, 'span' | 'files' | 'onProgress'>,
  spans: readonly SpanToEncode[],
  onProgress: (fraction: number) => void,
): Promise<EncodedSpan[]> {
  const fractions = spans.map(() => 0);
  const one = async (
    { span, files, fractionOf }: SpanToEncode,
    index: number,
    signal: AbortSignal,
  ): Promise<EncodedSpan> => {
    const report = (progress: EncodeProgress) => {
      fractions[index] = Math.min(1, Math.max(0, fractionOf(progress)));
      onProgress(fractions.reduce((sum, fraction) => sum + fraction, 0) / spans.length);
    };
    const encoded = await encode({ ...job, signal, span, files, onProgress: report });
    const paths = files.map(({ path }) => path);
    const frames = span?.end === undefined || encoded === 0 ? encoded : await framesUpTo(span.end, paths);
    return { start: span?.start ?? 0, frames, paths: frames === 0 ? [] : paths };
  };
  return together(job.signal, (signal) => spans.map((each, index) => one(each, index, signal)));
}
