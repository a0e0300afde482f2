import { join } from 'node:path';
import { OctetError } from '../../domain/errors.ts';
import type { InputFacts } from '../../domain/job/job-record.ts';
import { assertWithinLimits } from '../../domain/media/input-limits.ts';
import type { EncodeProgress } from '../../domain/media/progress.ts';
import type { MediaSource } from '../../domain/media/source.ts';
import { picturesOf, planRenditions } from '../../domain/plan/renditions.ts';
import type { Span } from '../../domain/plan/spans.ts';
import { HttpInput } from '../../services/http-input.ts';
import { BlockReader } from './block-reader.ts';
import { encodeSpans, type SpanToEncode } from './encode-spans.ts';
import { serveInput } from './input-server.ts';
import { probe } from './probe.ts';
import type { EncodedInput, Encoding } from './transcoding.ts';

/**
 * Opens a job's input and encodes spans of it, each to a file for every rendition.
 *
 * @param spans undefined for all of the input in one
 * @param onProgress hears how much is encoded, from 0 to 1
 */
export async function encodeInput(
  work: Encoding,
  spans: readonly Span[] | undefined,
  onProgress: (fraction: number) => void,
): Promise<EncodedInput> {
  const { environment, host, job, secrets, folder, signal } = work;
  const { tools, allowPrivateHosts, inputLimits } = environment;
  const input = await HttpInput.open(secrets.input_url, { allowPrivateHosts, signal });
  assertUnchanged(job.input, input);
  const reader = new BlockReader(input, { signal });
  const server = await serveInput(reader);
  try {
    const source = await probe(server.url, input.firstBytes, tools, signal);
    const { video, duration, streams } = source;
    const seconds = duration?.seconds;
    assertWithinLimits({ ...video, bytes: input.size, seconds, streams }, inputLimits);
    const renditions = planRenditions(job.outputs, picturesOf(video));
    const toEncode: SpanToEncode[] = (spans ?? [undefined]).map((span, index) => ({
      span,
      files: renditions.map((rendition, output) => ({
        rendition,
        path: join(folder, `${index}-${output}.mp4`),
      })),
      fractionOf: (done) =>
        span === undefined ? fractionOfAll(done, source, reader) : fractionOf(done, span, seconds),
    }));
    const shared = { tools, host, url: server.url, source, signal };
    const encoded = await encodeSpans(shared, toEncode, onProgress);
    if (reader.failure !== undefined) throw reader.failure;
    return { source, encoder: host.encoder, renditions, spans: encoded };
  } catch (error) {
    // What went wrong with the input says more than what ffmpeg made of it.
    throw reader.failure ?? error;
  } finally {
    await server.close();
    reader.close();
    input.close();
  }
}

/** What was checked when the job was created is what is encoded. @throws OctetError `input_changed` */
function assertUnchanged(known: InputFacts | undefined, input: HttpInput): void {
  const isOther = (before: unknown, now: unknown) =>
    before !== undefined && now !== undefined && before !== now;
  // Servers without ETags tell at least how long a file is.
  if (!isOther(known?.etag, input.etag) && !isOther(known?.size_bytes, input.size)) return;
  input.close();
  throw new OctetError(
    'input_changed',
    'The input was replaced after the job was created; send the job again.',
  );
}

/** How much of an input is encoded, by time where the input says how long it is, else by how far it has been read. */
function fractionOfAll({ seconds }: EncodeProgress, { duration }: MediaSource, reader: BlockReader): number {
  return duration === undefined ? reader.fractionRead : seconds / duration.seconds;
}

/** @param duration of the whole input, in seconds */
function fractionOf({ seconds }: EncodeProgress, { start, end }: Span, duration = Infinity): number {
  return (seconds - start) / ((end ?? duration) - start);
}
