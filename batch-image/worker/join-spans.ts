import { open } from 'node:fs/promises';
import { OctetError } from '../../domain/errors.ts';
import { encoderNoteBytes, NOTE_BEGINNING } from '../../domain/mp4/encoder-note.ts';
import { joinMovies, UnjoinableError } from '../../domain/mp4/join.ts';
import { firstFrameOffset } from '../../domain/mp4/samples.ts';
import { type Movie, movieIn } from './movie.ts';
import type { Encoded, EncodedInput, EncodedSpan } from './transcoding.ts';

/**
 * Makes one movie of each rendition out of those of its spans. Nothing is copied: it stays in the files of the spans.
 *
 * @throws OctetError `input_corrupt` where no span has a frame; `output_verification_failed` where they do not fit together
 */
export async function joinSpans(input: EncodedInput): Promise<Encoded> {
  const { source, encoder, renditions } = input;
  const spans = input.spans.filter(({ frames }) => frames > 0);
  if (spans.length === 0)
    throw new OctetError('input_corrupt', 'Not one picture of the input can be decoded: check the file.');
  const isWhole = input.spans.length === 1;
  const files = [];
  for (const [output, rendition] of renditions.entries()) {
    const movies = await Promise.all(spans.map(({ paths }) => movieIn(String(paths[output]))));
    const [first] = movies;
    files.push({ rendition, movie: isWhole && first ? first : await joined(movies, spans) });
  }
  const frames = spans.reduce((sum, span) => sum + span.frames, 0);
  return { source, encoder, files, frames, seams: spans.slice(1).map(({ start }) => start) };
}

/** @param movies one or more, which begin with the frames of their spans */
async function joined(movies: readonly Movie[], spans: readonly EncodedSpan[]): Promise<Movie> {
  const [first] = movies as readonly [Movie, ...Movie[]];
  const pieces = await Promise.all(
    movies.map(async (movie, index) => ({
      moov: movie.header,
      frames: Number(spans[index]?.frames),
      // The first one's stays: a file needs it once.
      noteBytes: index === 0 ? 0 : await noteBytesIn(movie),
    })),
  );
  const { payloads, mediaHeader, moov } = fitting(() => joinMovies(pieces, first.fileType.end));
  const slices = payloads.map(({ start, length }, index) => ({
    path: String(movies[index]?.fileType.path),
    start,
    end: start + length,
  }));
  return { fileType: first.fileType, header: moov, media: [mediaHeader, ...slices] };
}

/** How long the note is with which the encoder begins a movie. */
async function noteBytesIn({ fileType, header }: Movie): Promise<number> {
  const file = await open(fileType.path);
  try {
    const { buffer } = await file.read(
      Buffer.alloc(NOTE_BEGINNING),
      0,
      NOTE_BEGINNING,
      firstFrameOffset(header),
    );
    return encoderNoteBytes(buffer);
  } finally {
    await file.close();
  }
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
