import { join } from 'node:path';
import { OctetError } from '../../domain/errors.ts';
import type { Outcome } from '../../domain/job/job-record.ts';
import { assertWithinLimits } from '../../domain/media/input-limits.ts';
import type { EncodeProgress } from '../../domain/media/progress.ts';
import { displaySize, type MediaSource } from '../../domain/media/source.ts';
import { planRenditions } from '../../domain/plan/renditions.ts';
import { HttpInput } from '../../services/http-input.ts';
import { BlockReader } from './block-reader.ts';
import { encode } from './encode.ts';
import { serveInput } from './input-server.ts';
import { packageOutputs } from './package-outputs.ts';
import { probe } from './probe.ts';
import { ProgressWriter } from './progress-writer.ts';
import type { Encoded, Transcoding } from './transcoding.ts';

/** Encodes all outputs of a job, then packages them. */
export async function transcode(work: Transcoding): Promise<Outcome> {
  const { jobs, job } = work;
  await jobs.advance(job.job_id, 'encode_in_progress', new Date());
  const encoded = await encodeInput(work);
  await jobs.advance(job.job_id, 'encode_complete', new Date());
  return packageOutputs(work, encoded);
}

async function encodeInput({
  environment,
  jobs,
  host,
  job,
  secrets,
  folder,
  signal,
}: Transcoding): Promise<Encoded> {
  const { tools, allowPrivateHosts, inputLimits } = environment;
  const input = await HttpInput.open(secrets.input_url, { allowPrivateHosts, signal });
  assertUnchanged(job.input?.etag, input);
  const reader = new BlockReader(input, { signal });
  const server = await serveInput(reader);
  const progress = new ProgressWriter((fraction) => jobs.recordEncoded(job.job_id, 0, fraction));
  try {
    const source = await probe(server.url, input.firstBytes, tools, signal);
    const { video, duration } = source;
    const { size: bytes } = input;
    assertWithinLimits({ ...video, bytes, seconds: duration?.seconds, streams: source.streams }, inputLimits);
    const renditions = planRenditions(job.outputs, {
      display: displaySize(video),
      frameRate: video.frameRate,
    });
    const files = renditions.map((rendition, index) => ({
      rendition,
      path: join(folder, `${index}.mp4`),
    }));
    const onProgress = (done: EncodeProgress) => progress.report(fractionOf(done, source, reader));
    const frames = await encode({ tools, host, url: server.url, source, files, signal, onProgress });
    if (reader.failure !== undefined) throw reader.failure;
    return { source, files, frames };
  } catch (error) {
    // What went wrong with the input says more than what ffmpeg made of it.
    throw reader.failure ?? error;
  } finally {
    await progress.flush();
    await server.close();
    reader.close();
    input.close();
  }
}

/** What was checked when the job was created is what is encoded. @throws OctetError `input_changed` */
function assertUnchanged(etag: string | undefined, input: HttpInput): void {
  if (etag === undefined || input.etag === undefined || etag === input.etag) return;
  input.close();
  throw new OctetError(
    'input_changed',
    'The input was replaced after the job was created; send the job again.',
  );
}

/** How much of an input is encoded, by time where the input says how long it is, else by how far it has been read. */
function fractionOf({ seconds }: EncodeProgress, { duration }: MediaSource, reader: BlockReader): number {
  const fraction = duration === undefined ? reader.fractionRead : seconds / duration.seconds;
  return Math.min(1, fraction);
}
