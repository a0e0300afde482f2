import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLOCK_RATE } from '../../../domain/encoders/settings.ts';
import {
  type Box,
  findContent,
  parseBoxes,
  replaceContents,
  serializeBoxes,
  viewOf,
} from '../../../domain/mp4/boxes.ts';
import { encoderNoteBytes } from '../../../domain/mp4/encoder-note.ts';
import { joinMovies, type PieceOfMovie, UnjoinableError } from '../../../domain/mp4/join.ts';
import { finishMovieHeader } from '../../../domain/mp4/movie-header.ts';
import { box } from '../../../domain/mp4/sample-tables.ts';
import { framesBefore } from '../../../domain/mp4/sample-times.ts';
import { firstFrameOffset, readSamples } from '../../../domain/mp4/samples.ts';
import { mediaFacts, startsOfKeyframes } from '../../support/clips/media-facts.ts';
import { within } from '../../support/clips/within.ts';
import { DURATION, type Piece, picturesOf, usePieces } from './pieces.ts';

const maker = usePieces();

/** The last one begins where no keyframe of the whole stands. */
const SPANS = [{ start: 0, end: 1.995 }, { start: 1.995, end: 4.98 }, { start: 4.98 }];
const FRAMES = [50, 75, 25];

let pieces: Piece[];

beforeAll(async () => {
  pieces = await Promise.all(SPANS.map((span) => maker.encode(span)));
}, 60_000);

const movieOf = ({ header, frames }: Piece): PieceOfMovie => ({ moov: header, frames });

const noteOf = ({ header, bytes }: Piece): number =>
  encoderNoteBytes(bytes.subarray(firstFrameOffset(header)));

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** What a piece has of its own, by its number. */
function piece(index: number): Piece {
  const found = pieces[index];
  if (found === undefined) throw new Error(`There is no piece ${index}.`);
  return found;
}

/** A file with the header in front, as it is delivered. */
function fileOf(name: string, joined: readonly Piece[]): string {
  const fileType = piece(0).bytes.subarray(0, piece(0).fileTypeEnd);
  const movies = joined.map((each, index) => ({
    ...movieOf(each),
    noteBytes: index === 0 ? 0 : noteOf(each),
  }));
  const { payloads, mediaHeader, moov } = joinMovies(movies, fileType.length);
  const media = payloads.map(
    ({ start, length }, index) => joined[index]?.bytes.subarray(start, start + length) ?? Buffer.alloc(0),
  );
  return maker.write(name, fileType, finishMovieHeader(moov, DURATION), mediaHeader, ...media);
}

it('makes of pieces the file that one encoder would have made', async () => {
  const whole = await maker.encode(undefined);
  const path = fileOf('joined.mp4', pieces);
  const finished = maker.write(
    'whole.mp4',
    whole.bytes.subarray(0, whole.fileTypeEnd),
    finishMovieHeader(whole.header, DURATION),
    whole.bytes.subarray(whole.fileTypeEnd, whole.headerStart),
  );
  const [found, expected] = await Promise.all([mediaFacts(path), mediaFacts(finished)]);
  expect(found).toEqual({ ...expected, frameTimes: expected.frameTimes.map((time) => within(0.001, time)) });
  expect(found.frameTimes).toHaveLength(sum(FRAMES));
  expect(await startsOfKeyframes(path)).toEqual([0, 2, 4, 5].map((time) => within(0.001, time)));
});

it('keeps every picture of the pieces, and their order', async () => {
  const own = await Promise.all(
    pieces.map(async ({ path, frames }) => (await picturesOf(path)).slice(0, frames)),
  );
  expect(await picturesOf(fileOf('pictures.mp4', pieces))).toEqual(own.flat());
});

it("has the encoder's note once", () => {
  expect(pieces.map(noteOf)).toEqual(pieces.map(() => within(100, 700)));
  const file = readFileSync(fileOf('notes.mp4', pieces), 'latin1');
  expect(file.split('x264 - core')).toHaveLength(2);
});

it.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['a picture', Buffer.alloc(64, 0x65)],
  ['captions', Buffer.concat([Buffer.from([0, 0, 0, 60, 6, 4, 57]), Buffer.alloc(57)])],
  ["somebody else's note", Buffer.concat([Buffer.from([0, 0, 0, 60, 6, 5, 57]), Buffer.alloc(57)])],
])('takes %s for no note', (_, frame) => {
  expect(encoderNoteBytes(frame)).toBe(0);
});

it('leaves out what pieces have behind their own frames', () => {
  const samples = pieces.map(({ header }) => readSamples(header));
  expect(pieces.map(({ frames }) => frames)).toEqual(FRAMES);
  // A quarter of a second more, but for the last.
  expect(samples.map(({ times }) => times.length)).toEqual([57, 81, 25].map((frames) => within(1, frames)));
  const { payloads, moov } = joinMovies(pieces.map(movieOf), 32);
  const sizes = samples.map((each, index) => [...each.sizes.subarray(0, FRAMES[index])]);
  expect(payloads).toEqual(
    samples.map(({ offset: start }, index) => ({ start, length: sum(sizes[index] ?? []) })),
  );
  const joined = readSamples(moov);
  expect([...joined.sizes]).toEqual(sizes.flat());
  // Each piece but the last has one more behind its own frames.
  expect(joined.keyframes).toEqual([0, 50, 100, 125]);
});

it('reads the times of frames that are decoded in another order than they are shown', () => {
  const { times } = readSamples(piece(1).header);
  const shown = [...times.toSorted()];
  expect([...times]).not.toEqual(shown);
  expect(shown).toEqual(shown.map((_, index) => within(90, 180_000 + index * 3600)));
});

it.each([
  [0, 0],
  [2, 0],
  [2.001, 1],
  [4.98, 75],
])('counts the frames of a piece before %d s', (end, frames) => {
  expect(framesBefore(piece(1).header, end)).toBe(frames);
});

it('does not count a frame that is right at the end', () => {
  const times = [...readSamples(piece(1).header).times];
  for (const time of times) {
    const before = times.filter((other) => other < time).length;
    expect(framesBefore(piece(1).header, time / CLOCK_RATE), `at tick ${time}`).toBe(before);
  }
});

it('joins a piece of one frame', async () => {
  const first = await maker.encode({ start: 0, end: 0.03 });
  expect(first.frames).toBe(1);
  const rest = await maker.encode({ start: 0.03, end: 1 });
  const { times } = readSamples(joinMovies([first, rest].map(movieOf), 32).moov);
  expect([...times].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 25 }, (_, index) => within(90, index * 3600)),
  );
});

describe('refuses pieces', () => {
  /** The piece with one box of its header replaced. */
  const withBox = (index: number, other: Box): PieceOfMovie => {
    const { header, frames } = piece(index);
    return {
      moov: serializeBoxes(replaceContents(parseBoxes(header), { [other.type]: () => other })),
      frames,
    };
  };

  it.each<[string, () => PieceOfMovie[] | Promise<PieceOfMovie[]>, string]>([
    ['out of order', () => [1, 0].map((index) => movieOf(piece(index))), 'Piece 1 begins before the end'],
    [
      'that are there twice',
      () => [0, 0].map((index) => movieOf(piece(index))),
      'Piece 1 begins before the end',
    ],
    [
      'that were cut at different times',
      async () => [movieOf(piece(0)), movieOf(await maker.encode({ start: 1.9 }))],
      'Piece 1 begins before the end',
    ],
    [
      'of another profile',
      async () => [movieOf(piece(0)), movieOf(await maker.encode(SPANS[1], { profile: 'main' }))],
      'settings that differ',
    ],
    [
      'of another size',
      async () => [movieOf(piece(0)), movieOf(await maker.encode(SPANS[1], { resolution: '80x46' }))],
      'settings that differ',
    ],
    [
      'that do not begin with a keyframe',
      () => [withBox(0, box('stss', [0, 1, 2]))],
      'Piece 0 does not begin',
    ],
    ['without a frame of their own', () => [{ ...movieOf(piece(0)), frames: 0 }], 'Piece 0 does not begin'],
    ['of another codec', () => [withBox(0, box('stsd', [0, 0]))], 'no decoder configuration'],
  ])('%s', async (_, make, message) => {
    const movies = await make();
    const join = () => joinMovies(movies, 32);
    expect(join).toThrow(UnjoinableError);
    expect(join).toThrow(message);
  });
});

it('joins more than 32 bits can count', () => {
  const GIGABYTE = 1e9;
  const movies = pieces.map(({ header, frames }) => {
    const { sizes } = readSamples(header);
    const stsz = box('stsz', [0, 0, sizes.length], sizes.fill(GIGABYTE / 10));
    return { moov: serializeBoxes(replaceContents(parseBoxes(header), { stsz: () => stsz })), frames };
  });
  const { mediaHeader, payloads, moov } = joinMovies(movies, 32);
  expect(payloads.map(({ length }) => length)).toEqual([5e9, 7.5e9, 2.5e9]);
  expect(viewOf(mediaHeader).getUint32(0)).toBe(1);
  expect(viewOf(mediaHeader).getBigUint64(8)).toBe(15_000_000_016n);
  const offsetsOf = (header: Uint8Array) => {
    const content = findContent(parseBoxes(header), 'co64') ?? new Uint8Array();
    return [8, 16, 24].map((at) => viewOf(content).getBigUint64(at));
  };
  expect(offsetsOf(moov)).toEqual([48n, 5_000_000_048n, 12_500_000_048n]);
  expect(readSamples(moov).offset).toBe(48);
  const finished = finishMovieHeader(moov, DURATION);
  const shift = BigInt(finished.length);
  expect(offsetsOf(finished)).toEqual([48n, 5_000_000_048n, 12_500_000_048n].map((offset) => offset + shift));
});
