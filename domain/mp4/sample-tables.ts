import { type Box, viewOf } from './boxes.ts';

/** Numbers of 32 bits one after another, negative ones in two's complement. */
export function words(...parts: ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length * 4, 0));
  const view = viewOf(bytes);
  let at = 0;
  for (const part of parts) {
    for (let index = 0; index < part.length; index++, at += 4) view.setUint32(at, Number(part[index]));
  }
  return bytes;
}

/** A box that holds numbers of 32 bits. */
export function box(type: string, ...parts: ArrayLike<number>[]): Box {
  return { type, content: words(...parts) };
}

/** Runs of `[count, value]`, behind how many there are. */
export function runLengths(values: Iterable<number>): number[] {
  const runs: number[] = [];
  for (const value of values) {
    if (runs.at(-1) === value) runs[runs.length - 2] = Number(runs.at(-2)) + 1;
    else runs.push(1, value);
  }
  return [runs.length / 2, ...runs];
}

/**
 * The times between the decoding of frames: those between the pictures in the order in which they are shown. The last frame
 * is taken to be as long as the one before.
 *
 * @param shown when pictures are shown, in this order
 */
export function* decodingTimes(shown: Float64Array): Generator<number> {
  let delta = 1;
  for (let index = 1; index < shown.length; index++) {
    delta = Number(shown[index]) - Number(shown[index - 1]);
    yield delta;
  }
  yield delta;
}

/**
 * How much later than decoded each frame is shown, when frames are decoded as evenly as they are shown, and by how much all
 * of them are late so that none is shown before it is decoded.
 *
 * @param times when each is shown, in decoding order
 * @param shown the same, in the order in which they are shown
 */
export function compositionOffsets(
  times: Float64Array,
  shown: Float64Array,
): { reordering: number; offsets: Float64Array } {
  const early = times.map((time, index) => Number(shown[index]) - time);
  const reordering = early.reduce((most, by) => Math.max(most, by), 0);
  return { reordering, offsets: early.map((by) => reordering - by) };
}
