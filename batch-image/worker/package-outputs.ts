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
import { bytesIn } from './movie.ts';
import { ProgressWriter } from './progress-writer.ts';
import { together } from './together.ts';
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

/** A file to come. */
interface ExpectedFile {
  /** Of its output. */
  readonly index: number;
  /** About as many as it has. */
  readonly bytes: number;
  readonly file: Promise<Attempt<VerifiedFile>>;
}

type Attempt<T> = { readonly value: T } | { readonly error: JobError };

/**
 * Finishes, verifies and uploads every output; while one is uploaded, the next are verified. The smallest comes first, so that
 * there is something to upload soon. One that fails does not keep its siblings from being delivered.
 */
export async function packageOutputs(work: Transcoding, encoded: Encoded): Promise<Outcome> {
  const limit = pLimit(VERIFIED_AT_ONCE);
  const files = encoded.files
    .map((output, index) => ({ output, index, bytes: bytesIn(output.movie) }))
    .sort((one, other) => one.bytes - other.bytes);
  // All of them end before the folder is removed.
  const [outputs] = await together<[OutputOutcome[], ...Attempt<VerifiedFile>[]]>(work.signal, (signal) => {
    const part = { ...work, signal };
    const expected = files.map(({ output, index, bytes }): ExpectedFile => {
      const path = join(work.folder, `${index}.finished.mp4`);
      const file = limit(() => attempt(part, () => finishAndVerify(part, encoded, output, path)));
      return { index, bytes, file };
    });
    return [uploadAll(part, expected), ...expected.map(({ file }) => file)];
  });
  return { outputs };
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
async function uploadAll(work: Transcoding, files: readonly ExpectedFile[]): Promise<OutputOutcome[]> {
  const { environment, jobs, job, secrets, signal } = work;
  await files[0]?.file;
  await jobs.advance(job.job_id, 'packaging_in_progress', new Date());
  const client = destinationClient(job.destination, secrets.credentials, {
    allowPrivateHosts: environment.allowPrivateHosts,
    attempts: PUT_ATTEMPTS,
  });
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const progress = new ProgressWriter((fraction) => jobs.recordPackaged(job.job_id, fraction));
  const upload = async ({ rendition, path, made }: VerifiedFile): Promise<OutputOutcome> => {
    const onBytes = (bytes: number) => progress.report(Math.min(1, (done + bytes) / total));
    const url = await uploadFile(client, job.destination, rendition.destPath, path, { signal, onBytes });
    return { status: 'complete', url, made };
  };
  const outcomes: OutputOutcome[] = [];
  try {
    for (const { index, bytes, file } of files) {
      const verified = await file;
      const uploaded = 'error' in verified ? verified : await attempt(work, () => upload(verified.value));
      outcomes[index] = 'error' in uploaded ? { status: 'error', error: uploaded.error } : uploaded.value;
      done += bytes;
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
