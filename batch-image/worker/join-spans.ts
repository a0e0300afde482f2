import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OctetError } from '../../domain/errors.ts';
import { joinMovies, UnjoinableError } from '../../domain/mp4/join.ts';
import { readLayout } from './layout.ts';
import type { Encoded, EncodedInput } from './transcoding.ts';

/**
 * Makes one file of each rendition out of those of its spans.
 *
 * @throws OctetError `input_corrupt` where no span has a frame; `output_verification_failed` where they do not fit together
 */
export async function joinSpans(input: EncodedInput, folder: string): Promise<Encoded> {
  const { source, encoder, renditions } = input;
  const spans = input.spans.filter(({ frames }) => frames > 0);
  if (spans.length === 0)
    throw new OctetError('input_corrupt', 'Not one picture of the input can be decoded: check the file.');
  const frames = spans.reduce((sum, span) => sum + span.frames, 0);
  const files = [];
  for (const [output, rendition] of renditions.entries()) {
    const pieces = spans.map((span) => ({ frames: span.frames, path: String(span.paths[output]) }));
    const [only] = pieces;
    const isWhole = input.spans.length === 1 && only !== undefined;
    const path = isWhole ? only.path : join(folder, `${output}.joined.mp4`);
    if (!isWhole) await joinFiles(pieces, path);
    files.push({ rendition, path });
  }
  return { source, encoder, files, frames, seams: spans.slice(1).map(({ start }) => start) };
}

interface Piece {
  readonly path: string;
  readonly frames: number;
}

/** Joins files, and removes them. */
async function joinFiles(pieces: readonly Piece[], path: string): Promise<void> {
  const paths = pieces.map((piece) => piece.path);
  const layouts = await Promise.all(paths.map(readLayout));
  const fileTypeEnd = layouts[0]?.fileTypeEnd ?? 0;
  const movies = layouts.map(({ header }, index) => ({
    moov: header,
    frames: Number(pieces[index]?.frames),
  }));
  const { payloads, mediaHeader, moov } = fitting(() => joinMovies(movies, fileTypeEnd));
  await pipeline(createReadStream(String(paths[0]), { end: fileTypeEnd - 1 }), createWriteStream(path));
  await pipeline([mediaHeader], createWriteStream(path, { flags: 'a' }));
  for (const [index, { start, length }] of payloads.entries()) {
    const piece = createReadStream(String(paths[index]), { start, end: start + length - 1 });
    await pipeline(piece, createWriteStream(path, { flags: 'a' }));
    await rm(String(paths[index]));
  }
  await pipeline([moov], createWriteStream(path, { flags: 'a' }));
}

function fitting<T>(join: () => T): T {
  try {
    return join();
  } catch (error) {
    if (!(error instanceof UnjoinableError)) throw error;
    const message = 'The parts of an output do not fit together; send the job again.';
    throw new OctetError('output_verification_failed', message, { cause: error });
  }
}
