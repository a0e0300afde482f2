import { type FileHandle, open } from 'node:fs/promises';
import { encoderNoteBytes, NOTE_BEGINNING } from '../../domain/mp4/encoder-note.ts';
import { firstFrameOffset } from '../../domain/mp4/samples.ts';

/** Where those boxes of an encoded file lie that are moved when it is finished. Bytes from the file's beginning. */
export interface Layout {
  /** The end of `ftyp`, behind which the header goes. */
  readonly fileTypeEnd: number;
  readonly headerStart: number;
  readonly header: Buffer;
  /** With which the first frame begins: see domain/mp4/encoder-note.ts. */
  readonly noteBytes: number;
}

/** A box's size and type; a size of 1 is followed by the real one in 64 bits. ISO/IEC 14496-12, 4.2. */
const BOX_HEADER_BYTES = 16;

/** @throws Error for a file that has no movie header; RangeError for one without frames */
export async function readLayout(path: string): Promise<Layout> {
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
        return { fileTypeEnd, headerStart: at, header, noteBytes: await noteBytesIn(file, header) };
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

async function noteBytesIn(file: FileHandle, header: Buffer): Promise<number> {
  const start = firstFrameOffset(header);
  const { buffer } = await file.read(Buffer.alloc(NOTE_BEGINNING), 0, NOTE_BEGINNING, start);
  return encoderNoteBytes(buffer);
}
