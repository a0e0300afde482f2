import { join } from 'node:path';
import pLimit from 'p-limit';
import { type JobError, toJobError } from '../../domain/errors.ts';
import type { Made, Outcome, OutputOutcome } from '../../domain/job/job-record.ts';
import { averageFrameDuration, presentationEnd } from '../../domain/media/presentation-end.ts';
import { readSampleTimes } from '../../domain/mp4/sample-times.ts';
import type { Rendition } from '../../domain/plan/renditions.ts';
import { destinationClient } from '../../services/destination/destination-client.ts';
import { uploadFile } from '../../services/destination/upload.ts';
import { logError } from '../../services/log.ts';
import { PUT_ATTEMPTS } from '../../services/put-file.ts';
import { finishFile } from './finish.ts';
import { isHostFailure } from './host-unfit-error.ts';
import { ProgressWriter } from './progress-writer.ts';
import type { Encoded, EncodedOutput, Transcoding } from './transcoding.ts';
import { verify } from './verify.ts';

/** As many as the processors of the container that packages: see lib/worker-job.ts. */
const VERIFIED_AT_ONCE = 2;

/** A file that is what it must be. */
interface VerifiedFile {
  readonly rendition: Rendition;
  readonly path: string;
  readonly made: Made;
}

type Attempt<T> = { readonly value: T } | { readonly error: JobError };

/**
 * Finishes, verifies and uploads every output; while one is uploaded, the next are verified. One that fails does not keep
 * its siblings from being delivered.
 */
export async function packageOutputs(work: Transcoding, encoded: Encoded): Promise<Outcome> {
  const { jobs, job, folder } = work;
  const failing = new AbortController();
  const together = { ...work, signal: AbortSignal.any([work.signal, failing.signal]) };
  const limit = pLimit(VERIFIED_AT_ONCE);
  const files = encoded.files.map((file, index) => {
    const path = join(folder, `${index}.finished.mp4`);
    return limit(() => attempt(together, () => finishAndVerify(together, encoded, file, path)));
  });
  for (const file of files) file.catch((error: unknown) => failing.abort(error));
  try {
    await files[0];
    await jobs.advance(job.job_id, 'packaging_in_progress', new Date());
    return { outputs: await uploadAll(together, files) };
  } catch (error) {
    failing.abort(error);
    throw error;
  } finally {
    // Nobody may still write into the folder when it is removed.
    await Promise.allSettled(files);
  }
}

async function finishAndVerify(
  { environment, signal }: Transcoding,
  { source, frames, seams, encoder }: Encoded,
  { rendition, movie }: EncodedOutput,
  path: string,
): Promise<VerifiedFile> {
  const times = readSampleTimes(movie.header);
  const duration = presentationEnd(source, times);
  await finishFile(movie, path, duration, signal);
  const { settings } = rendition;
  const frameDuration = averageFrameDuration(source.video, times);
  const expected = { settings, frames, duration, frameDuration, seams };
  const made = await verify(path, expected, encoder, environment.tools, signal);
  return { rendition, path, made };
}

/** Uploads one file after the other, so that as few of their bytes as can be are in memory. */
async function uploadAll(
  work: Transcoding,
  files: readonly Promise<Attempt<VerifiedFile>>[],
): Promise<OutputOutcome[]> {
  const { environment, jobs, job, secrets, signal } = work;
  const client = destinationClient(job.destination, secrets.credentials, {
    allowPrivateHosts: environment.allowPrivateHosts,
    attempts: PUT_ATTEMPTS,
  });
  const progress = new ProgressWriter((fraction) => jobs.recordPackaged(job.job_id, fraction));
  const outcomes: OutputOutcome[] = [];
  const upload = async ({ rendition, path, made }: VerifiedFile): Promise<OutputOutcome> => {
    const onBytes = (bytes: number) =>
      progress.report(Math.min(1, (outcomes.length + bytes / made.size) / files.length));
    const url = await uploadFile(client, job.destination, rendition.destPath, path, { signal, onBytes });
    return { status: 'complete', url, made };
  };
  try {
    for (const each of files) {
      const file = await each;
      const uploaded = 'error' in file ? file : await attempt(work, () => upload(file.value));
      outcomes.push('error' in uploaded ? { status: 'error', error: uploaded.error } : uploaded.value);
    }
    return outcomes;
  } finally {
    await progress.flush();
    client.destroy();
  }
}

/** Does one output's part of the work, and keeps what goes wrong with it. */
async function attempt<T>({ signal, job }: Transcoding, part: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await part() };
  } catch (error) {
    signal.throwIfAborted();
    if (isHostFailure(error)) throw error;
    logError('An output failed.', error, { job_id: job.job_id });
    return { error: toJobError(error) };
  }
}
