import { type ByteSource, FileBytes } from './byte-source.ts';
import { type Layout, readLayout } from './layout.ts';

/** Some bytes of a source, up to `end` and without it. */
export interface Slice {
  readonly bytes: ByteSource;
  readonly start: number;
  readonly end: number;
}

/** What lies somewhere, or is at hand. */
export type Part = Slice | Uint8Array;

/** A movie whose parts lie in one place or in several. */
export interface Movie {
  readonly fileType: Slice;
  /** `moov`, with chunk offsets as if the media came right behind the file type. */
  readonly header: Uint8Array;
  /** The media boxes, in order. */
  readonly media: readonly Part[];
  /** With which the first frame begins: see domain/mp4/encoder-note.ts. */
  readonly noteBytes: number;
}

/** The movie in an encoded file, whose header comes last. */
export async function movieIn(path: string): Promise<Movie> {
  const layout = await readLayout(path);
  return movieAt(new FileBytes(path), layout);
}

/** The movie in what was an encoded file. */
export function movieAt(bytes: ByteSource, { fileTypeEnd, headerStart, header, noteBytes }: Layout): Movie {
  return {
    fileType: { bytes, start: 0, end: fileTypeEnd },
    header,
    media: [{ bytes, start: fileTypeEnd, end: headerStart }],
    noteBytes,
  };
}

/** How many bytes its media have. */
export function bytesIn({ media }: Movie): number {
  return media.reduce((sum, part) => sum + lengthOf(part), 0);
}

/** Bytes of a part. */
export function lengthOf(part: Part): number {
  return 'bytes' in part ? part.end - part.start : part.length;
}
