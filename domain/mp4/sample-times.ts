import { type Box, findContent, parseBoxes, viewOf } from './boxes.ts';
import { mediaTimeOf, required, timescaleOf } from './movie-header.ts';

/** The frames of an MP4 file with one track. */
export interface SampleTimes {
  readonly frames: number;
  /** Seconds from the presentation's start to the picture that is shown last. */
  readonly lastPicture: number;
}

/**
 * Reads when frames are shown from a movie header: decoding times (stts) with the offsets that reorder them (ctts).
 * ISO/IEC 14496-12, 8.6.1.
 *
 * @param moov the whole box
 */
export function readSampleTimes(moov: Uint8Array): SampleTimes {
  const boxes = parseBoxes(moov);
  const offsets = expand(runsOf(boxes, 'ctts'));
  let frames = 0;
  let decodedAt = 0;
  let last = 0;
  for (const delta of expand(runsOf(boxes, 'stts'))) {
    last = Math.max(last, decodedAt + Number(offsets.next().value ?? 0));
    decodedAt += delta;
    frames += 1;
  }
  return { frames, lastPicture: (last - mediaTimeOf(boxes)) / timescaleOf(boxes, 'mdhd') };
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

function* expand(runs: readonly [number, number][]): Generator<number> {
  for (const [count, value] of runs) for (let index = 0; index < count; index++) yield value;
}
