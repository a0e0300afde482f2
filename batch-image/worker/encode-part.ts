import { OctetError } from '../../domain/errors.ts';
import { spansOf, UNSPLIT } from '../../domain/plan/plan.ts';
import type { PieceFile, PieceStore } from '../../services/piece-store.ts';
import { encodeInput } from './encode-input.ts';
import { readLayout } from './layout.ts';
import { ProgressWriter } from './progress-writer.ts';
import type { Encoding } from './transcoding.ts';

/** Encodes the spans of one worker of a split job and hands the pieces on. What is there already is not made again. */
export async function encodePart(work: Encoding, pieces: PieceStore): Promise<void> {
  const { jobs, job, environment, signal } = work;
  const { plan = UNSPLIT } = job;
  const { child } = environment;
  await jobs.advance(job.job_id, 'encode_in_progress', new Date());
  const first = child * plan.side_by_side;
  const spans = spansOf(plan, child).map((span, index) => ({ span, number: first + index }));
  const areThere = await Promise.all(spans.map(({ number }) => pieces.find(number, signal)));
  const missing = spans.filter((_, index) => areThere[index] === undefined);
  const progress = new ProgressWriter((fraction) => jobs.recordEncoded(job.job_id, child, fraction));
  try {
    if (missing.length > 0) {
      const wanted = missing.map(({ span }) => span);
      const encoded = await encodeInput(work, wanted, (fraction) => progress.report(fraction));
      const { source, encoder } = encoded;
      for (const [index, { frames, paths }] of encoded.spans.entries()) {
        const files = await Promise.all(paths.map(pieceIn));
        await pieces.put(numberOf(missing, index), { frames, encoder, source }, files, signal);
      }
    }
    progress.report(1);
  } finally {
    await progress.flush();
  }
}

function numberOf(spans: readonly { readonly number: number }[], index: number): number {
  const span = spans[index];
  if (span === undefined) throw new OctetError('internal', 'A span was encoded that nobody asked for.');
  return span.number;
}

async function pieceIn(path: string): Promise<PieceFile> {
  const { fileTypeEnd, headerStart, header, noteBytes } = await readLayout(path);
  const layout = {
    file_type_end: fileTypeEnd,
    header_start: headerStart,
    header_end: headerStart + header.length,
    note_bytes: noteBytes,
  };
  return { path, layout };
}
