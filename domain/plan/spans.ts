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
 * Cuts a time line into spans of the same length, give or take a keyframe interval. They are cut where keyframes stand, in
 * the middle between that frame and the one before: so no rounding of a frame's time moves it to the other side. What is
 * left after the last whole interval is the last span's.
 *
 * @param duration seconds, more than 0
 * @param count of spans. Where there are fewer intervals, as only those want it who try it out, cuts stand anywhere
 * @param frameRate frames a second, where they are known
 */
export function cutSpans(duration: number, count: number, frameRate = UNKNOWN_RATE): [Span, ...Span[]] {
  const lead = Math.min(0.5 / frameRate, duration / count / 4);
  const edges = Array.from({ length: count - 1 }, (_, index) => cutAt(index + 1, count, duration) - lead);
  const rest = edges.map((start, index) => spanFrom(start, edges[index + 1]));
  return [spanFrom(0, edges[0]), ...rest];
}

/** Seconds at which one of the spans that a time line is cut into begins. */
function cutAt(index: number, count: number, duration: number): number {
  const steps = wholeIntervals(duration);
  if (count > steps) return (index * duration) / count;
  return Math.ceil((index * steps) / count) * KEYFRAME_INTERVAL_S;
}

/** Seconds of the longest span that a time line is cut into. */
export function longestSpan(duration: number, count: number): number {
  const steps = wholeIntervals(duration);
  if (count > steps) return duration / count;
  const [first, last] = [Math.ceil(steps / count), Math.floor(steps / count)];
  const rest = duration - steps * KEYFRAME_INTERVAL_S;
  return Math.max(first * KEYFRAME_INTERVAL_S, last * KEYFRAME_INTERVAL_S + rest);
}

/** Spans that a time line can be cut into so that none is shorter, nor cut but where keyframes stand. */
export function mostSpans(duration: number, shortest: number): number {
  return Math.floor(wholeIntervals(duration) / Math.ceil(shortest / KEYFRAME_INTERVAL_S));
}

function wholeIntervals(duration: number): number {
  return Math.floor(duration / KEYFRAME_INTERVAL_S);
}

function spanFrom(start: number, end: number | undefined): Span {
  return end === undefined ? { start } : { start, end };
}
