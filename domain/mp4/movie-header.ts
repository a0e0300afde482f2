import { type Box, findContent, parseBoxes, replaceContents, serializeBoxes, viewOf } from './boxes.ts';

const UINT32_MAX = 0xffffffff;

/** That of a picture which is shown as it is stored. ISO/IEC 14496-12, 6.2.2. */
const UPRIGHT_MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

/**
 * Makes the movie header (`moov`) of a file with one track ready to stand before the media data: chunk offsets are moved
 * by the header's own size, the last picture is shown until `end`, and no picture is turned.
 *
 * ffmpeg does not know how long the last picture of a stream with a variable frame rate is shown (its encoders before
 * version 6 drop the duration of every frame), so that is mended here. ISO/IEC 14496-12, 8.6.1.2 (stts) and 8.6.6 (elst).
 * It also copies the input's display matrix, although the filter graph has turned the pictures.
 *
 * @param moov the whole box of a file in which it comes last
 * @param end seconds from the first picture to the end of the presentation
 */
export function finishMovieHeader(moov: Uint8Array, end: number): Uint8Array {
  const timed = withEnd(parseBoxes(moov), end);
  const wide = replaceContents(timed, { stco: (content) => widenIfNeeded(content, moov.length) });
  const size = serializeBoxes(wide).length;
  return serializeBoxes(
    replaceContents(wide, {
      stco: (content) => ({ type: 'stco', content: shiftOffsets(content, 4, size) }),
      co64: (content) => ({ type: 'co64', content: shiftOffsets(content, 8, size) }),
    }),
  );
}

function withEnd(boxes: readonly Box[], end: number): Box[] {
  const [movieScale, mediaScale] = [timescaleOf(boxes, 'mvhd'), timescaleOf(boxes, 'mdhd')];
  const mediaEnd = Math.round(end * mediaScale) + mediaTimeOf(boxes);
  const movieEnd = Math.round(end * movieScale);
  return replaceContents(boxes, {
    stts: (content) => ({ type: 'stts', content: withTotal(content, mediaEnd) }),
    mdhd: (content) => ({ type: 'mdhd', content: withDuration(content, mediaEnd, { short: 16, long: 24 }) }),
    mvhd: (content) => ({ type: 'mvhd', content: withDuration(content, movieEnd, { short: 16, long: 24 }) }),
    tkhd: (content) => ({ type: 'tkhd', content: finishTrackHeader(content, movieEnd) }),
    elst: (content) => ({ type: 'elst', content: withDuration(content, movieEnd, { short: 8, long: 8 }) }),
  });
}

/** Version 1 of a box has 64-bit times. */
function isLong(content: Uint8Array): boolean {
  return content[0] === 1;
}

/** The content of a box. @throws RangeError when there is none */
export function required(boxes: readonly Box[], type: string): Uint8Array {
  const content = findContent(boxes, type);
  if (content === undefined) throw new RangeError(`The MP4 header has no ${type} box.`);
  return content;
}

/** Units a second. */
export function timescaleOf(boxes: readonly Box[], type: 'mvhd' | 'mdhd'): number {
  const content = required(boxes, type);
  return viewOf(content).getUint32(isLong(content) ? 20 : 12);
}

/** The media time at which the presentation starts, which is the delay that reordered pictures need. */
export function mediaTimeOf(boxes: readonly Box[]): number {
  const content = findContent(boxes, 'elst');
  if (content === undefined) return 0;
  return isLong(content) ? Number(viewOf(content).getBigInt64(16)) : viewOf(content).getInt32(12);
}

/** Durations of samples in decoding order, as runs of `[count, delta]`, with the last one made to end at `total`. */
function withTotal(content: Uint8Array, total: number): Uint8Array {
  const view = viewOf(content);
  const runs = Array.from({ length: view.getUint32(4) }, (_, index): [number, number] => [
    view.getUint32(8 + index * 8),
    view.getUint32(12 + index * 8),
  ]);
  const [lastCount, lastDelta] = runs.pop() ?? [0, 0];
  if (lastCount > 1) runs.push([lastCount - 1, lastDelta]);
  const before = runs.reduce((sum, [count, delta]) => sum + count * delta, 0);
  return sampleTable([...runs, [1, Math.max(0, total - before)]]);
}

function sampleTable(runs: readonly [number, number][]): Uint8Array {
  const content = new Uint8Array(8 + runs.length * 8);
  const view = viewOf(content);
  view.setUint32(4, runs.length);
  for (const [index, [count, delta]] of runs.entries()) {
    view.setUint32(8 + index * 8, count);
    view.setUint32(12 + index * 8, delta);
  }
  return content;
}

function finishTrackHeader(content: Uint8Array, duration: number): Uint8Array {
  const finished = withDuration(content, duration, { short: 20, long: 28 });
  const matrixAt = isLong(content) ? 52 : 40;
  for (const [index, value] of UPRIGHT_MATRIX.entries()) {
    viewOf(finished).setUint32(matrixAt + index * 4, value);
  }
  return finished;
}

function withDuration(
  content: Uint8Array,
  duration: number,
  offset: { short: number; long: number },
): Uint8Array {
  const copy = content.slice();
  if (isLong(copy)) viewOf(copy).setBigUint64(offset.long, BigInt(duration));
  else viewOf(copy).setUint32(offset.short, Math.min(duration, UINT32_MAX));
  return copy;
}

/** Offsets get 64 bits when 32 may no longer hold them behind the header, which may grow by 8 bytes and by the offsets. */
function widenIfNeeded(content: Uint8Array, headerBytes: number): Box {
  const view = viewOf(content);
  const count = view.getUint32(4);
  const last = count === 0 ? 0 : view.getUint32(4 + count * 4);
  if (last + headerBytes * 2 <= UINT32_MAX) return { type: 'stco', content };
  const wide = new Uint8Array(8 + count * 8);
  viewOf(wide).setUint32(4, count);
  for (let index = 0; index < count; index++) {
    viewOf(wide).setBigUint64(8 + index * 8, BigInt(view.getUint32(8 + index * 4)));
  }
  return { type: 'co64', content: wide };
}

function shiftOffsets(content: Uint8Array, width: 4 | 8, by: number): Uint8Array {
  const shifted = content.slice();
  const view = viewOf(shifted);
  for (let at = 8; at < shifted.length; at += width) {
    if (width === 4) view.setUint32(at, view.getUint32(at) + by);
    else view.setBigUint64(at, view.getBigUint64(at) + BigInt(by));
  }
  return shifted;
}
