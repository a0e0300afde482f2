import { parseBoxes } from './boxes.ts';
import { timescaleOf } from './movie-header.ts';
import { timesOf } from './samples.ts';

/** The frames of an MP4 file with one track. */
export interface SampleTimes {
  readonly frames: number;
  /** Seconds from the presentation's start to the picture that is shown last. */
  readonly lastPicture: number;
}

/**
 * Reads when frames are shown from a movie header.
 *
 * @param moov the whole box
 */
export function readSampleTimes(moov: Uint8Array): SampleTimes {
  const boxes = parseBoxes(moov);
  let frames = 0;
  let last = -Infinity;
  for (const time of timesOf(boxes)) {
    last = Math.max(last, time);
    frames += 1;
  }
  return { frames, lastPicture: last / timescaleOf(boxes, 'mdhd') };
}

/**
 * Counts the frames that are shown before some time.
 *
 * @param moov the whole box
 * @param end seconds
 */
export function framesBefore(moov: Uint8Array, end: number): number {
  const boxes = parseBoxes(moov);
  // Spans end at whole ticks, of which seconds may be a little less or more.
  const ticks = Math.round(end * timescaleOf(boxes, 'mdhd'));
  return [...timesOf(boxes)].filter((time) => time < ticks).length;
}
