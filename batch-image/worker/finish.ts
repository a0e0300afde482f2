import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { finishMovieHeader } from '../../domain/mp4/movie-header.ts';
import { readSampleTimes, type SampleTimes } from '../../domain/mp4/sample-times.ts';

/** Where the two boxes lie that are moved when a file is finished. Bytes from the file's beginning. */
interface Layout {
  /** The end of `ftyp`, behind which the header goes. */
  readonly fileTypeEnd: number;
  readonly headerStart: number;
  readonly header: Buffer;
}

/** A box's size and type; a size of 1 is followed by the real one in 64 bits. ISO/IEC 14496-12, 4.2. */
const BOX_HEADER_BYTES = 16;

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

async function readLayout(path: string): Promise<Layout> {
  const file = await open(path);
  try {
    const { size: fileSize } = await file.stat();
    let fileTypeEnd = 0;
    for (let at = 0; at < fileSize; ) {
      const { type, size } = await readBoxHeader(file, at);
      if (type === 'ftyp') fileTypeEnd = at + size;
      if (type === 'moov') {
        const header = Buffer.alloc(size);
        await file.read(header, 0, size, at);
        return { fileTypeEnd, headerStart: at, header };
      }
      at += size;
    }
    throw new Error(`${path} has no movie header.`);
  } finally {
    await file.close();
  }
}

async function readBoxHeader(file: FileHandle, at: number): Promise<{ type: string; size: number }> {
  const { buffer } = await file.read(Buffer.alloc(BOX_HEADER_BYTES), 0, BOX_HEADER_BYTES, at);
  const short = buffer.readUInt32BE(0);
  const size = short === 1 ? Number(buffer.readBigUInt64BE(8)) : short;
  if (size < 8) throw new Error(`A box at byte ${at} has no size.`);
  return { type: buffer.toString('latin1', 4, 8), size };
}
