import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { finishMovieHeader } from '../../domain/mp4/movie-header.ts';
import { readSampleTimes, type SampleTimes } from '../../domain/mp4/sample-times.ts';
import { readLayout } from './layout.ts';

/** When the frames of an encoded file are shown. */
export async function sampleTimesOf(path: string): Promise<SampleTimes> {
  return readSampleTimes((await readLayout(path)).header);
}

/**
 * Moves the header of an encoded file before its media data, so that players can begin before they have all of it, and
 * writes into it when the presentation ends. The encoded file is removed.
 *
 * @param end seconds
 */
export async function finishFile(encodedPath: string, path: string, end: number): Promise<void> {
  const { fileTypeEnd, headerStart, header } = await readLayout(encodedPath);
  await pipeline(createReadStream(encodedPath, { end: fileTypeEnd - 1 }), createWriteStream(path));
  await pipeline([finishMovieHeader(header, end)], createWriteStream(path, { flags: 'a' }));
  await pipeline(
    createReadStream(encodedPath, { start: fileTypeEnd, end: headerStart - 1 }),
    createWriteStream(path, { flags: 'a' }),
  );
  await rm(encodedPath);
}
