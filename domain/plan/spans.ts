import * as v from 'valibot';
import { KEYFRAME_INTERVAL_S } from '../encoders/settings.ts';

/** A part of the time line, in seconds from the input's first frame. */
export const spanSchema = v.object({
  start: v.number(),
  /** Missing for the input's end. */
  end: v.optional(v.number()),
});

export type Span = v.InferOutput<typeof spanSchema>;

/** The whole time line. */
export const WHOLE: Span = { start: 0 };

/** Frames a second that are reckoned with where the input does not tell. */
const UNKNOWN_RATE = 60;

/**
 * Cuts a time line into spans of the same length, of which the last may be shorter. They are cut where keyframes stand, in
 * the middle between that frame and the one before: so no rounding of a frame's time moves it to the other side.
 *
 * @param duration seconds
 * @param count how many there may be; there are fewer where keyframes are too far apart
 * @param frameRate frames a second, where they are known
 */
export function cutSpans(duration: number, count: number, frameRate = UNKNOWN_RATE): [Span, ...Span[]] {
  const even = duration / count;
  // Shorter than keyframes are apart are only those that somebody wants to see how it is done.
  const length =
    even < KEYFRAME_INTERVAL_S ? even : Math.ceil(even / KEYFRAME_INTERVAL_S) * KEYFRAME_INTERVAL_S;
  const lead = Math.min(0.5 / frameRate, length / 4);
  const cuts = Array.from({ length: count - 1 }, (_, index) => (index + 1) * length).filter(
    (cut) => cut < duration - lead,
  );
  const edges = cuts.map((cut) => cut - lead);
  const rest = edges.map((start, index) => spanFrom(start, edges[index + 1]));
  return [spanFrom(0, edges[0]), ...rest];
}

function spanFrom(start: number, end: number | undefined): Span {
  return end === undefined ? { start } : { start, end };
}
