import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { finishMovieHeader } from '../../domain/mp4/movie-header.ts';
import { READ_BYTES } from '../../services/read-bytes.ts';
import type { FileSlice, Movie } from './movie.ts';

/**
 * Writes a movie with its header before the media, so that players can begin before they have all of it, and with the time
 * in it at which the presentation ends. The files that it was in are removed.
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
  await pipeline(() => bytesOf(parts), createWriteStream(path), { signal });
  const files = new Set(parts.flatMap((part) => ('path' in part ? [part.path] : [])));
  for (const file of files) await rm(file);
}

async function* bytesOf(parts: readonly (FileSlice | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if ('path' in part)
      yield* createReadStream(part.path, { start: part.start, end: part.end - 1, highWaterMark: READ_BYTES });
    else yield part;
  }
}
