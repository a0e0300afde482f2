import { readLayout } from './layout.ts';

/** Some bytes of a file, up to `end` and without it. */
export interface FileSlice {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** A movie whose parts lie in one file or in several. */
export interface Movie {
  readonly fileType: FileSlice;
  /** `moov`, with chunk offsets as if the media came right behind the file type. */
  readonly header: Uint8Array;
  /** The media boxes, in order. */
  readonly media: readonly (FileSlice | Uint8Array)[];
}

/** The movie in an encoded file, whose header comes last. */
export async function movieIn(path: string): Promise<Movie> {
  const { fileTypeEnd, headerStart, header } = await readLayout(path);
  return {
    fileType: { path, start: 0, end: fileTypeEnd },
    header,
    media: [{ path, start: fileTypeEnd, end: headerStart }],
  };
}

/** How many bytes its media have. */
export function bytesIn({ media }: Movie): number {
  return media.reduce((sum, part) => sum + ('path' in part ? part.end - part.start : part.length), 0);
}
