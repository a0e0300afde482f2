import { pseudoRandom } from '../batch-image/worker/memory-source.ts';
import { boxAt } from '../support/clips/mp4-boxes.ts';

/** Makes another file of one that is whole, whose bytes it may change. */
export type Mutation = (file: Buffer) => Buffer;

/** The first part of the file. */
export const cut =
  (fraction: number): Mutation =>
  (file) =>
    file.subarray(0, Math.floor(file.length * fraction));

/** The file without its first part. */
export const beheaded =
  (bytes: number): Mutation =>
  (file) =>
    file.subarray(bytes);

/** Flips as many bits, at places that follow from the seed, behind a part of the file that is left alone. */
export const flipped =
  (seed: number, count: number, spared = 0): Mutation =>
  (file) => {
    const random = pseudoRandom(seed);
    for (let flip = 0; flip < count; flip++) {
      const at = Math.floor(spared * file.length + random() * (1 - spared) * file.length);
      file.writeUInt8(file.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
    }
    return file;
  };

/** Overwrites a part of the file with other bytes. */
export const overwritten =
  (from: number, to: number, value: number): Mutation =>
  (file) =>
    file.fill(value, Math.floor(file.length * from), Math.floor(file.length * to));

/** The first file, then a second one. */
export const followedBy =
  (other: Buffer): Mutation =>
  (file) =>
    Buffer.concat([file, other]);

/** Replaces a text, wherever it stands, by one of the same length. */
export const renamed =
  (from: string, to: string): Mutation =>
  (file) =>
    Buffer.from(file.toString('latin1').replaceAll(from, to), 'latin1');

/** One after the other. */
export const both =
  (...mutations: readonly Mutation[]): Mutation =>
  (file) =>
    mutations.reduce((changed, mutation) => mutation(changed), file);

/** Writes a number of 32 bits into a box of an MP4 file, counted from the box's content. */
export const written =
  (path: string, at: number, value: number): Mutation =>
  (file) => {
    boxAt(file, path).writeUInt32BE(value >>> 0, at);
    return file;
  };

/** Writes a number of 32 bits into the sample description of an MP4 file's first track, counted from its entry's size. */
export const described = (at: number, value: number): Mutation =>
  written('moov/trak/mdia/minf/stbl/stsd', 8 + at, value);

/** Says that a box has another size. */
export const sized =
  (path: string, size: number): Mutation =>
  (file) => {
    file.writeUInt32BE(size >>> 0, headerOf(file, path));
    return file;
  };

/** Gives a box another type. */
export const retyped =
  (path: string, type: string): Mutation =>
  (file) => {
    file.write(type, headerOf(file, path) + 4, 'latin1');
    return file;
  };

/** Where a box begins. */
function headerOf(file: Buffer, path: string): number {
  return boxAt(file, path).byteOffset - file.byteOffset - 8;
}

/** A box of an MP4 file. */
export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.reduce((sum, { length }) => sum + length, 0));
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...content]);
}

/** Puts another movie header behind the media data. @param make given the content of the one that there is */
export const withMovie =
  (make: (movie: Buffer) => Buffer): Mutation =>
  (file) => {
    const movie = make(Buffer.from(boxAt(file, 'moov')));
    return Buffer.concat([retyped('moov', 'free')(file), movie]);
  };

/** As many copies of the first track as that. */
export const withTracks = (count: number): Mutation =>
  withMovie((movie) => {
    const track = box('trak', boxAt(movie, 'trak'));
    return box('moov', box('mvhd', boxAt(movie, 'mvhd')), ...Array.from({ length: count }, () => track));
  });

/** Boxes in boxes in boxes, and the movie in the innermost. */
export const nested = (type: string, depth: number): Mutation =>
  withMovie((movie) => {
    const headers = Buffer.alloc(8 * depth);
    for (let level = 0; level < depth; level++) {
      headers.writeUInt32BE(8 * (depth - level) + movie.length, 8 * level);
      headers.write(type, 8 * level + 4, 'latin1');
    }
    return box('moov', headers, movie);
  });

/** Bytes of a transport stream's packet. */
const PACKET = 188;

/** Changes each packet of a transport stream, or leaves it out. */
export const packets =
  (change: (packet: Buffer, index: number) => Buffer | undefined): Mutation =>
  (file) => {
    const count = Math.floor(file.length / PACKET);
    const whole = Array.from({ length: count }, (_, index) =>
      file.subarray(index * PACKET, (index + 1) * PACKET),
    );
    return Buffer.concat(whole.map(change).filter((packet) => packet !== undefined));
  };

export const streamOf = (packet: Buffer): number => packet.readUInt16BE(1) & 0x1fff;

/** Replaces the bytes behind an element's id in a Matroska file, the first time that it is there. */
export const element =
  (id: string, bytes: string): Mutation =>
  (file) => {
    const wanted = Buffer.from(id, 'hex');
    const at = file.indexOf(wanted);
    if (at === -1) throw new RangeError(`The file has no element ${id}.`);
    Buffer.from(bytes, 'hex').copy(file, at + wanted.length);
    return file;
  };
