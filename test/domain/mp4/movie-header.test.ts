import { expect, it } from 'vitest';
import { type Box, findContent, parseBoxes, serializeBoxes, viewOf } from '../../../domain/mp4/boxes.ts';
import { finishMovieHeader } from '../../../domain/mp4/movie-header.ts';
import { readSampleTimes } from '../../../domain/mp4/sample-times.ts';

const MEDIA_SCALE = 90_000;
const MOVIE_SCALE = 1000;

/** A box of 32-bit words. */
function box(type: string, ...words: number[]): Box {
  const content = new Uint8Array(words.length * 4);
  for (const [index, word] of words.entries()) viewOf(content).setInt32(index * 4, word);
  return { type, content };
}

/** Of a picture that is turned by a quarter. */
const tkhd = box(
  'tkhd',
  0,
  0,
  0,
  1,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0x10000,
  0,
  -0x10000,
  0,
  0,
  0,
  0,
  0x40000000,
  1280,
  720,
);

interface Track {
  /** Runs of `[count, delta]` of decoding times. */
  readonly stts: number[];
  /** Runs of `[count, offset]`. */
  readonly ctts?: number[];
  /** Where the presentation starts, in media time. */
  readonly mediaTime?: number;
  readonly chunkOffsets?: number[];
}

/** The header of a file with one track, as ffmpeg writes it. */
function moov({ stts, ctts = [], mediaTime, chunkOffsets = [48] }: Track): Uint8Array {
  const edits: Box[] =
    mediaTime === undefined ? [] : [{ type: 'edts', children: [box('elst', 0, 1, 0, mediaTime, 0x10000)] }];
  const stbl: Box = {
    type: 'stbl',
    children: [
      box('stts', 0, stts.length / 2, ...stts),
      ...(ctts.length > 0 ? [box('ctts', 0, ctts.length / 2, ...ctts)] : []),
      box('stco', 0, chunkOffsets.length, ...chunkOffsets),
    ],
  };
  const mdia: Box = {
    type: 'mdia',
    children: [box('mdhd', 0, 0, 0, MEDIA_SCALE, 0, 0), { type: 'minf', children: [stbl] }],
  };
  const trak: Box = { type: 'trak', children: [tkhd, ...edits, mdia] };
  return serializeBoxes([{ type: 'moov', children: [box('mvhd', 0, 0, 0, MOVIE_SCALE, 0), trak] }]);
}

/** The 32-bit words of a box. */
function words(header: Uint8Array, type: string): number[] {
  const content = findContent(parseBoxes(header), type) ?? new Uint8Array();
  return Array.from({ length: content.length / 4 }, (_, index) => viewOf(content).getUint32(index * 4));
}

it('writes boxes as it read them', () => {
  const bytes = moov({ stts: [10, 3600], ctts: [1, 7200], mediaTime: 7200 });
  expect(serializeBoxes(parseBoxes(bytes))).toEqual(bytes);
});

it.each([
  ['a size that is too large', [0, 0, 0, 12, 0x66, 0x72, 0x65, 0x65]],
  ['a size that is too small', [0, 0, 0, 4, 0x66, 0x72, 0x65, 0x65]],
])('refuses boxes with %s', (_, bytes) => {
  expect(() => parseBoxes(Uint8Array.from(bytes))).toThrow(RangeError);
});

it.each<[string, Track, number, number]>([
  ['a constant rate', { stts: [250, 3600] }, 250, 9.96],
  ['a variable rate', { stts: [1, 90_000, 2, 45_000, 1, 0] }, 4, 2],
  // Decoded 0, 1, 2, 3; shown 2, 5, 3, 4 behind a delay of 2.
  ['reordered pictures', { stts: [4, 3600], ctts: [1, 7200, 1, 14_400, 2, 3600], mediaTime: 7200 }, 4, 0.12],
  ['reordered pictures before their time', { stts: [3, 3600], ctts: [1, 0, 1, 3600, 1, -3600] }, 3, 0.08],
])('reads when the pictures of %s are shown', (_, track, frames, lastPicture) => {
  const times = readSampleTimes(moov(track));
  expect(times.frames).toBe(frames);
  expect(times.lastPicture).toBeCloseTo(lastPicture, 9);
});

it.each<[string, Track, number, number[]]>([
  ['makes the last picture last longer', { stts: [250, 3600] }, 12, [249, 3600, 1, 183_600]],
  ['leaves a right duration as it is', { stts: [250, 3600] }, 10, [249, 3600, 1, 3600]],
  ['gives a last picture that has none its duration', { stts: [62, 9000, 1, 0] }, 6.5, [62, 9000, 1, 27_000]],
  [
    'counts the delay of reordered pictures in',
    { stts: [4, 3600], mediaTime: 7200 },
    0.16,
    [3, 3600, 1, 10_800],
  ],
])('%s', (_, track, end, runs) => {
  const finished = finishMovieHeader(moov(track), end);
  expect(words(finished, 'stts')).toEqual([0, runs.length / 2, ...runs]);
});

it('writes the duration wherever a header has it', () => {
  const finished = finishMovieHeader(moov({ stts: [250, 3600], mediaTime: 7200 }), 12.5);
  expect(words(finished, 'mdhd')[4]).toBe(12.5 * MEDIA_SCALE + 7200);
  expect(words(finished, 'mvhd')[4]).toBe(12_500);
  expect(words(finished, 'tkhd')[5]).toBe(12_500);
  expect(words(finished, 'elst')[2]).toBe(12_500);
});

it('turns no picture', () => {
  const finished = finishMovieHeader(moov({ stts: [250, 3600] }), 10);
  expect(words(finished, 'tkhd').slice(10)).toEqual([
    0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000, 1280, 720,
  ]);
});

it('moves the chunks by the size of the header', () => {
  const finished = finishMovieHeader(moov({ stts: [250, 3600], chunkOffsets: [48, 5000] }), 10);
  expect(words(finished, 'stco')).toEqual([0, 2, 48 + finished.length, 5000 + finished.length]);
});

it('gives offsets that become too large for 32 bits more of them', () => {
  const last = 0xffffffff - 100;
  const finished = finishMovieHeader(moov({ stts: [250, 3600], chunkOffsets: [48, last] }), 10);
  const content = findContent(parseBoxes(finished), 'co64') ?? new Uint8Array();
  expect(viewOf(content).getBigUint64(8)).toBe(BigInt(48 + finished.length));
  expect(viewOf(content).getBigUint64(16)).toBe(BigInt(last + finished.length));
  expect(findContent(parseBoxes(finished), 'stco')).toBeUndefined();
});
