import { type Box, findContent, parseBoxes, serializeBoxes } from './boxes.ts';
import { required } from './movie-header.ts';
import { box, compositionOffsets, decodingTimes, runLengths, words } from './sample-tables.ts';
import { readSamples, type Samples } from './samples.ts';

/** A file whose first frames, in decoding order, are to be joined. */
export interface PieceOfMovie {
  readonly moov: Uint8Array;
  readonly frames: number;
  /** Bytes at the beginning of the first frame that are left out: see encoder-note.ts. @default 0 */
  readonly noteBytes?: number;
}

/** Where a piece's frames lie in its own file, in bytes. */
export interface Payload {
  readonly start: number;
  readonly length: number;
}

/** A file out of pieces: a beginning, the pieces' payloads in order, and a header. */
export interface JoinedMovie {
  readonly payloads: readonly Payload[];
  /** The header of the one `mdat` box that holds all payloads. */
  readonly mediaHeader: Uint8Array;
  readonly moov: Uint8Array;
}

/** With 64 bits for the size, which may exceed 4 GiB. ISO/IEC 14496-12, 4.2. */
const MEDIA_HEADER_BYTES = 16;

/** `mdat`. */
const MEDIA_BOX = 0x6d646174;

/** Pieces that cannot be one file, as they were not made alike or are not in order. */
export class UnjoinableError extends Error {
  override readonly name = 'UnjoinableError';
}

/**
 * Joins files with one track each whose frames keep their times on the whole time line. Each begins with a keyframe and
 * needs none of the others, so their frames follow each other as they are, but for the encoder's note, and the tables are made
 * anew: decoding times are the sorted times of all frames, as an encoder would have given them. What a piece has behind its
 * own frames, from a keyframe on, is left out.
 *
 * @param pieces in order; they have the same time scale
 * @param offset the byte of the new file at which the media box begins
 * @throws UnjoinableError
 */
export function joinMovies(movies: readonly PieceOfMovie[], offset: number): JoinedMovie {
  const pieces = movies.map(({ moov, frames, noteBytes = 0 }) =>
    firstOf(readSamples(moov), frames, noteBytes),
  );
  assertInOrder(pieces);
  const moovs = movies.map(({ moov }) => moov);
  assertAlike(moovs);
  const payloads = pieces.map(({ sizes, offset: start }) => ({ start, length: sum(sizes) }));
  const size = MEDIA_HEADER_BYTES + sum(payloads.map(({ length }) => length));
  const mediaHeader = words([1, MEDIA_BOX, ...wide(size)]);
  const moov = serializeBoxes(withTables(parseBoxes(moovs[0] as Uint8Array), pieces, offset));
  return { payloads, mediaHeader, moov };
}

function firstOf({ times, sizes, keyframes, offset }: Samples, frames: number, noteBytes: number): Samples {
  const own = sizes.slice(0, frames);
  own[0] = (own[0] ?? 0) - noteBytes;
  return {
    times: times.subarray(0, frames),
    sizes: own,
    keyframes: keyframes.filter((index) => index < frames),
    offset: offset + noteBytes,
  };
}

function withTables(boxes: readonly Box[], pieces: readonly Samples[], offset: number): Box[] {
  const times = timesOfAll(pieces);
  const shown = times.toSorted();
  const { reordering, offsets } = compositionOffsets(times, shown);
  const tables: Record<string, Box> = {
    stbl: {
      type: 'stbl',
      children: [
        { type: 'stsd', content: required(boxes, 'stsd') },
        box('stts', [0], runLengths(decodingTimes(shown))),
        box('ctts', [0], runLengths(offsets)),
        box('stss', [0], countedFrom1(pieces)),
        ...chunkTables(pieces, offset + MEDIA_HEADER_BYTES),
      ],
    },
    // Its duration is written when the file is finished.
    edts: { type: 'edts', children: [box('elst', [0, 1, 0, reordering, 0x10000])] },
  };
  return replaceBoxes(boxes, tables);
}

/** A number of 64 bits. */
function wide(value: number): [high: number, low: number] {
  return [Math.floor(value / 2 ** 32), value % 2 ** 32];
}

function timesOfAll(pieces: readonly Samples[]): Float64Array {
  const all = new Float64Array(sum(pieces.map(({ times }) => times.length)));
  let at = 0;
  for (const { times } of pieces) {
    all.set(times, at);
    at += times.length;
  }
  return all;
}

/** Every piece is a chunk. ISO/IEC 14496-12, 8.7. */
function chunkTables(pieces: readonly Samples[], offset: number): Box[] {
  const offsets: number[] = [];
  let at = offset;
  for (const { sizes } of pieces) {
    offsets.push(...wide(at));
    at += sum(sizes);
  }
  const chunks = pieces.flatMap(({ sizes }, index) => [index + 1, sizes.length, 1]);
  const sizes = pieces.map((piece) => piece.sizes);
  return [
    box('stsc', [0, pieces.length], chunks),
    box('stsz', [0, 0, sum(sizes.map(({ length }) => length))], ...sizes),
    box('co64', [0, pieces.length], offsets),
  ];
}

/** The numbers of keyframes, behind how many there are. */
function countedFrom1(pieces: readonly Samples[]): number[] {
  const numbers: number[] = [];
  let before = 0;
  for (const { keyframes, sizes } of pieces) {
    numbers.push(...keyframes.map((index) => before + index + 1));
    before += sizes.length;
  }
  return [numbers.length, ...numbers];
}

function replaceBoxes(boxes: readonly Box[], by: Readonly<Record<string, Box>>): Box[] {
  return boxes.map((each) => {
    const other = by[each.type];
    if (other !== undefined) return other;
    return 'children' in each ? { type: each.type, children: replaceBoxes(each.children, by) } : each;
  });
}

function assertInOrder(pieces: readonly Samples[]): void {
  let end = -Infinity;
  for (const [index, { times, keyframes }] of pieces.entries()) {
    if (keyframes[0] !== 0) throw new UnjoinableError(`Piece ${index} does not begin with a keyframe.`);
    const [first, last] = ends(times);
    if (first <= end) throw new UnjoinableError(`Piece ${index} begins before the end of the one before.`);
    end = last;
  }
}

/** Pieces whose parameter sets differ would not be decoded right behind each other. */
function assertAlike(moovs: readonly Uint8Array[]): void {
  const [first, ...others] = moovs.map(parameterSets);
  const isAlike = others.every((other) => other === first);
  if (!isAlike) throw new UnjoinableError('The pieces were encoded with settings that differ.');
}

/** The decoder configuration in the sample description, which holds the parameter sets. ISO/IEC 14496-15, 5.3.3. */
function parameterSets(moov: Uint8Array): string {
  const description = String.fromCharCode(...(findContent(parseBoxes(moov), 'stsd') ?? []));
  const at = description.indexOf('avcC');
  if (at < 4) throw new UnjoinableError('A piece has no decoder configuration.');
  const size = [...description.slice(at - 4, at)].reduce(
    (value, byte) => value * 256 + byte.charCodeAt(0),
    0,
  );
  return description.slice(at, at + size - 4);
}

/** The first and the last time of those in any order. */
function ends(times: Float64Array): [first: number, last: number] {
  const sorted = times.toSorted();
  return [sorted[0] ?? 0, sorted.at(-1) ?? 0];
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += Number(values[index]);
  return total;
}
