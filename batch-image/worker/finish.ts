import { createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { finishMovieHeader } from '../../domain/mp4/movie-header.ts';
import { READ_BYTES } from '../../services/read-bytes.ts';
import { FileBytes } from './byte-source.ts';
import { lengthOf, type Movie, type Part } from './movie.ts';
import { together } from './together.ts';

/** That are gathered for a write, for they come in small pieces over TLS. */
const WAITING_BYTES = 4 * READ_BYTES;

/** Parts that are written at the same time: a store sends just so much over one connection. */
const WRITTEN_AT_ONCE = 4;

/**
 * Writes a movie with its header before the media, so that players can begin before they have all of it, and with the time
 * in it at which the presentation ends. Files of this machine that it was in are removed.
 *
 * @param end seconds
 */
export async function finishFile(
  { fileType, header, media }: Movie,
  path: string,
  end: number,
  signal: AbortSignal,
): Promise<void> {
  const parts = [fileType, finishMovieHeader(header, end), ...media];
  await writeFile(path, '');
  await writeParts(path, parts, signal);
  const sources = parts.map((part) => ('bytes' in part ? part.bytes : undefined));
  for (const source of new Set(sources)) if (source instanceof FileBytes) await rm(source.path);
}

/** Writes parts behind each other into a file that is there. */
async function writeParts(path: string, parts: readonly Part[], signal: AbortSignal): Promise<void> {
  const limit = pLimit(WRITTEN_AT_ONCE);
  await together(signal, (ending) => {
    let end = 0;
    return parts.map((part) => {
      const start = end;
      end += lengthOf(part);
      return limit(() => {
        ending.throwIfAborted();
        const bytes = 'bytes' in part ? part.bytes.read(part.start, part.end, ending) : [part];
        const file = createWriteStream(path, { flags: 'r+', start, highWaterMark: WAITING_BYTES });
        return pipeline(bytes, file, { signal: ending });
      });
    });
  });
}
