import type { EncoderName } from '../../domain/encoders/settings.ts';
import type { JobRecord } from '../../domain/job/job-record.ts';
import type { WorkSecrets } from '../../domain/job/secrets.ts';
import type { MediaSource } from '../../domain/media/source.ts';
import type { Rendition } from '../../domain/plan/renditions.ts';
import type { JobStore } from '../../services/job-store/job-store.ts';
import type { WorkerEnvironment } from './env.ts';
import type { Host } from './host.ts';
import type { Movie } from './movie.ts';

/** A job on this host, and what it is done with. */
export interface Transcoding {
  readonly environment: WorkerEnvironment;
  readonly jobs: JobStore;
  readonly job: JobRecord;
  readonly secrets: WorkSecrets;
  /** For files; removed afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Work that needs an encoder. */
export interface Encoding extends Transcoding {
  readonly host: Host;
}

/** A file to encode. */
export interface EncodedFile {
  readonly rendition: Rendition;
  readonly path: string;
}

/** What was encoded for an output. */
export interface EncodedOutput {
  readonly rendition: Rendition;
  readonly movie: Movie;
}

/** A span as it was encoded: a file for each rendition, or none where the span has no frames. */
export interface EncodedSpan {
  /** Seconds. */
  readonly start: number;
  /** Of the span's own; files may have more behind them. */
  readonly frames: number;
  readonly paths: readonly string[];
}

/** A span of which movies are there: one of each rendition, or none where the span has no frames. */
export interface SpanOfMovies {
  /** Seconds. */
  readonly start: number;
  /** With which each of the movies begins. */
  readonly frames: number;
  readonly movies: readonly Movie[];
}

/** An input of which some spans, or all, were encoded. */
export interface EncodedInput<Span = EncodedSpan> {
  readonly source: MediaSource;
  readonly encoder: EncoderName;
  readonly renditions: readonly Rendition[];
  readonly spans: readonly Span[];
}

/** What the encoding leaves for the packaging. */
export interface Encoded {
  readonly source: MediaSource;
  readonly encoder: EncoderName;
  readonly files: readonly EncodedOutput[];
  /** How many frames went into each of the files. */
  readonly frames: number;
  /** Seconds at which spans follow each other in them. */
  readonly seams: readonly number[];
}
