// Offsets below are those of boxes of version 0, which ffmpeg writes for files as short as these.

/** The part of a display matrix that turns and mirrors: a and b say where the right of the picture goes, c and d the bottom. */
export type DisplayMatrix = readonly [a: number, b: number, c: number, d: number];

/**
 * Finds a box of an MP4 file, always the first of its kind.
 * Layout: https://developer.apple.com/documentation/quicktime-file-format
 *
 * @param path such as `moov/trak/tkhd`
 * @returns its content, in the file's own memory
 * @throws RangeError when there is none
 */
export function boxAt(file: Buffer, path: string): Buffer {
  let content = file;
  for (const type of path.split('/')) content = childOf(content, type);
  return content;
}

function childOf(content: Buffer, type: string): Buffer {
  for (let at = 0; at + 8 <= content.length; ) {
    const size = content.readUInt32BE(at);
    if (content.toString('latin1', at + 4, at + 8) === type) return content.subarray(at + 8, at + size);
    if (size < 8) break;
    at += size;
  }
  throw new RangeError(`The MP4 file has no ${type} box where one was looked for.`);
}

/** Sets how players turn the first track, the video: ffmpeg's own options for it differ between its versions. */
export function withDisplayMatrix(file: Buffer, [a, b, c, d]: DisplayMatrix): Buffer {
  const header = boxAt(file, 'moov/trak/tkhd');
  const matrixAt = 40;
  const one = 0x10000;
  // The last line would move the picture. As cameras do, it leaves that to the player.
  [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 0x40000000].forEach((value, index) => {
    header.writeInt32BE(value, matrixAt + 4 * index);
  });
  return file;
}

/**
 * Makes the first track, the only one, start later in what is stored, by an edit list that ffmpeg has made for B-frames.
 *
 * @param skip seconds
 */
export function withSkippedStart(file: Buffer, skip: number): Buffer {
  const movie = boxAt(file, 'moov/mvhd');
  const track = boxAt(file, 'moov/trak/tkhd');
  const edit = boxAt(file, 'moov/trak/edts/elst');
  const movieTicks = skip * movie.readUInt32BE(12);
  const mediaTicks = skip * boxAt(file, 'moov/trak/mdia/mdhd').readUInt32BE(12);
  add(movie, 16, -movieTicks);
  add(track, 20, -movieTicks);
  add(edit, 8, -movieTicks);
  add(edit, 12, mediaTicks);
  return file;
}

function add(box: Buffer, at: number, ticks: number): void {
  box.writeUInt32BE(box.readUInt32BE(at) + ticks, at);
}

/** @returns bytes, of a file with one track */
export function sizeOfLastSample(file: Buffer): number {
  const sizes = boxAt(file, 'moov/trak/mdia/minf/stbl/stsz');
  return sizes.readUInt32BE(sizes.length - 4);
}
