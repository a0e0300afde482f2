import { buffer } from 'node:stream/consumers';
import pLimit from 'p-limit';
import type { Outcome } from '../../domain/job/job-record.ts';
import type { PieceManifest } from '../../domain/plan/pieces.ts';
import { UNSPLIT } from '../../domain/plan/plan.ts';
import { picturesOf, planRenditions } from '../../domain/plan/renditions.ts';
import type { PieceStore } from '../../services/piece-store.ts';
import { HostUnfitError } from './host-unfit-error.ts';
import { joinSpans } from './join-spans.ts';
import { movieAt } from './movie.ts';
import { packageOutputs } from './package-outputs.ts';
import { together } from './together.ts';
import type { EncodedInput, SpanOfMovies, Transcoding } from './transcoding.ts';

/** Spans that are opened at the same time, since each takes two round trips to the store. */
const OPENED_AT_ONCE = 8;

/** Makes the outputs of a split job out of the pieces that its workers have handed on. */
export async function packagePieces(work: Transcoding, store: PieceStore): Promise<Outcome> {
  const { jobs, job } = work;
  await jobs.advance(job.job_id, 'encode_complete', new Date());
  return packageOutputs(work, joinSpans(await openPieces(work, store)));
}

/** @throws HostUnfitError when pieces are missing, which the store may still be about to show; what the store throws */
async function openPieces(
  { job, signal }: Transcoding,
  store: PieceStore,
): Promise<EncodedInput<SpanOfMovies>> {
  const { plan = UNSPLIT, outputs } = job;
  const limit = pLimit(OPENED_AT_ONCE);
  const opened = await together(signal, (ending) =>
    plan.spans.map(({ start }, span) => limit(() => openSpan(store, span, start, ending))),
  );
  const [first] = opened;
  if (first === undefined) throw new Error('The plan has no spans.');
  const { source, encoder } = first;
  return { source, encoder, renditions: planRenditions(outputs, picturesOf(source.video)), spans: opened };
}

/** Only the headers of its pieces are read. @param start seconds */
async function openSpan(
  store: PieceStore,
  span: number,
  start: number,
  signal: AbortSignal,
): Promise<SpanOfMovies & Omit<PieceManifest, 'pieces'>> {
  const manifest = await store.find(span, signal);
  if (manifest === undefined) throw new HostUnfitError(`The pieces of span ${span} are not there.`);
  const { pieces, ...found } = manifest;
  const movies = pieces.map(async (piece, output) => {
    const bytes = store.piece(span, output, piece.etag);
    const header = await buffer(bytes.read(piece.header_start, piece.header_end, signal));
    const [fileTypeEnd, headerStart] = [piece.file_type_end, piece.header_start];
    return movieAt(bytes, { fileTypeEnd, headerStart, header, noteBytes: piece.note_bytes });
  });
  return { ...found, start, movies: await Promise.all(movies) };
}
