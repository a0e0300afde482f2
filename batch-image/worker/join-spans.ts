import { OctetError } from '../../domain/errors.ts';
import { joinMovies, UnjoinableError } from '../../domain/mp4/join.ts';
import type { Movie } from './movie.ts';
import type { Encoded, EncodedInput, SpanOfMovies } from './transcoding.ts';

/** A movie that begins with the frames of its span. */
interface MovieOfSpan {
  readonly movie: Movie;
  readonly frames: number;
}

/**
 * Makes one movie of each rendition out of those of its spans. Nothing is copied: it stays where the spans' movies lie.
 *
 * @throws OctetError `input_corrupt` where no span has a frame; `output_verification_failed` where they do not fit together
 */
export function joinSpans(input: EncodedInput<SpanOfMovies>): Encoded {
  const { source, encoder, renditions } = input;
  const [first, ...others] = input.spans.filter(({ frames }) => frames > 0);
  if (first === undefined)
    throw new OctetError('input_corrupt', 'Not one picture of the input can be decoded: check the file.');
  const isWhole = input.spans.length === 1;
  const files = renditions.map((rendition, output) => {
    const pieces = [movieOf(first, output), ...others.map((span) => movieOf(span, output))] as const;
    return { rendition, movie: isWhole ? pieces[0].movie : joined(pieces) };
  });
  const frames = others.reduce((sum, span) => sum + span.frames, first.frames);
  return { source, encoder, files, frames, seams: others.map(({ start }) => start) };
}

function movieOf({ movies, frames }: SpanOfMovies, output: number): MovieOfSpan {
  const movie = movies[output];
  if (movie === undefined) throw new Error(`A span has no movie for output ${output}.`);
  return { movie, frames };
}

function joined(pieces: readonly [MovieOfSpan, ...MovieOfSpan[]]): Movie {
  const [{ movie: first }] = pieces;
  const toJoin = pieces.map(({ movie, frames }, index) => ({
    moov: movie.header,
    frames,
    // The first one's stays: a file needs it once.
    noteBytes: index === 0 ? 0 : movie.noteBytes,
  }));
  const { payloads, mediaHeader, moov } = fitting(() => joinMovies(toJoin, first.fileType.end));
  const slices = payloads.map(({ start, length }, index) => ({
    bytes: (pieces[index]?.movie ?? first).fileType.bytes,
    start,
    end: start + length,
  }));
  return { ...first, header: moov, media: [mediaHeader, ...slices] };
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
