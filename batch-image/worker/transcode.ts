import type { Outcome } from '../../domain/job/job-record.ts';
import { encodeInput } from './encode-input.ts';
import { joinSpans } from './join-spans.ts';
import { movieIn } from './movie.ts';
import { packageOutputs } from './package-outputs.ts';
import { ProgressWriter } from './progress-writer.ts';
import type { EncodedSpan, Encoding, SpanOfMovies } from './transcoding.ts';

/** Encodes all outputs of a job, then packages them. */
export async function transcode(work: Encoding): Promise<Outcome> {
  const { jobs, job } = work;
  await jobs.advance(job.job_id, 'encode_in_progress', new Date());
  const progress = new ProgressWriter((fraction) => jobs.recordEncoded(job.job_id, 0, fraction));
  const report = (fraction: number) => progress.report(fraction);
  const encoded = await encodeInput(work, sideBySide(job.plan), report).finally(() => progress.flush());
  await jobs.advance(job.job_id, 'encode_complete', new Date());
  const spans = await Promise.all(encoded.spans.map(withMovies));
  return packageOutputs(work, joinSpans({ ...encoded, spans }));
}

async function withMovies({ start, frames, paths }: EncodedSpan): Promise<SpanOfMovies> {
  return { start, frames, movies: await Promise.all(paths.map(movieIn)) };
}

/** The spans that one worker encodes at the same time; undefined where it does all in one. */
function sideBySide(plan: Encoding['job']['plan']) {
  return plan === undefined || plan.spans.length === 1 ? undefined : plan.spans;
}
