import { type Box, findContent, parseBoxes, viewOf } from './boxes.ts';
import { required, timescaleOf } from './movie-header.ts';

/** The frames of an MP4 file with one track, in decoding order. */
export interface Samples {
  /** When each is shown, in the track's time scale, from the presentation's start on. */
  readonly times: Float64Array;
  /** Bytes of each. */
  readonly sizes: Uint32Array;
  /** Which of them are keyframes; counted from 0. */
  readonly keyframes: readonly number[];
  /** The byte at which the first one begins; the others follow it without a gap. */
  readonly offset: number;
}

/**
 * Reads the sample tables of a movie header. ISO/IEC 14496-12, 8.6 (times), 8.7 (sizes and offsets).
 *
 * @param moov the whole box
 */
export function readSamples(moov: Uint8Array): Samples {
  const boxes = parseBoxes(moov);
  const sizes = sizesOf(boxes);
  const keys = findContent(boxes, 'stss');
  const keyframes = keys === undefined ? [...sizes.keys()] : [...wordsOf(keys, 8)].map((n) => n - 1);
  return { times: Float64Array.from(timesOf(boxes)), sizes, keyframes, offset: firstOffset(boxes) };
}

/** When each frame is shown, in decoding order and in the track's time scale: decoding times (stts) with the offsets that reorder them (ctts). */
export function* timesOf(boxes: readonly Box[]): Generator<number> {
  const offsets = expand(runsOf(boxes, 'ctts'));
  const shift = startOf(boxes);
  let decodedAt = 0;
  for (const delta of expand(runsOf(boxes, 'stts'))) {
    yield decodedAt + Number(offsets.next().value ?? 0) + shift;
    decodedAt += delta;
  }
}

/** Runs of `[count, value]`. Composition offsets may be negative, and no delta is as long as to look so. */
function runsOf(boxes: readonly Box[], type: 'stts' | 'ctts'): [number, number][] {
  const content = type === 'stts' ? required(boxes, type) : findContent(boxes, type);
  if (content === undefined) return [];
  const view = viewOf(content);
  return Array.from({ length: view.getUint32(4) }, (_, index) => [
    view.getUint32(8 + index * 8),
    view.getInt32(12 + index * 8),
  ]);
}

/** The values of runs one by one. */
function* expand(runs: readonly [number, number][]): Generator<number> {
  for (const [count, value] of runs) for (let index = 0; index < count; index++) yield value;
}

/** What is added to a frame's media time to have its time in the presentation: edits of which one may be empty. 8.6.6 */
function startOf(boxes: readonly Box[]): number {
  let empty = 0;
  for (const { duration, mediaTime } of editsOf(boxes)) {
    if (mediaTime >= 0) return Math.round(empty) - mediaTime;
    empty += (duration * timescaleOf(boxes, 'mdhd')) / timescaleOf(boxes, 'mvhd');
  }
  return 0;
}

function editsOf(boxes: readonly Box[]): { duration: number; mediaTime: number }[] {
  const content = findContent(boxes, 'elst');
  if (content === undefined) return [];
  const view = viewOf(content);
  const isLong = content[0] === 1;
  return Array.from({ length: view.getUint32(4) }, (_, index) => {
    const at = 8 + index * (isLong ? 20 : 12);
    return isLong
      ? { duration: Number(view.getBigUint64(at)), mediaTime: Number(view.getBigInt64(at + 8)) }
      : { duration: view.getUint32(at), mediaTime: view.getInt32(at + 4) };
  });
}

/** `stsz`: one size for all, or one for each. */
function sizesOf(boxes: readonly Box[]): Uint32Array {
  const content = required(boxes, 'stsz');
  const view = viewOf(content);
  const [same, count] = [view.getUint32(4), view.getUint32(8)];
  return same === 0 ? wordsOf(content, 12) : new Uint32Array(count).fill(same);
}

/** The byte at which the first frame begins. @param moov the whole box */
export function firstFrameOffset(moov: Uint8Array): number {
  return firstOffset(parseBoxes(moov));
}

function firstOffset(boxes: readonly Box[]): number {
  const wide = findContent(boxes, 'co64');
  return wide === undefined
    ? viewOf(required(boxes, 'stco')).getUint32(8)
    : Number(viewOf(wide).getBigUint64(8));
}

function wordsOf(content: Uint8Array, from: number): Uint32Array {
  const view = viewOf(content);
  return new Uint32Array((content.length - from) / 4).map((_, index) => view.getUint32(from + index * 4));
}
