import * as v from 'valibot';
import { CLOCK_RATE, KEYFRAME_INTERVAL_S, ROUNDING_S } from '../encoders/settings.ts';

/** A part of the time line, in seconds from the input's first frame. */
export const spanSchema = v.object({
  start: v.number(),
  /** Missing for the input's end. */
  end: v.optional(v.number()),
});

export type Span = v.InferOutput<typeof spanSchema>;

/** The whole time line. */
export const WHOLE: Span = { start: 0 };

/**
 * Cuts a time line into spans of the same length, give or take a keyframe interval. They are cut where keyframes stand.
 * What is left after the last whole interval is the last span's.
 *
 * @param duration seconds, more than 0
 * @param count of spans. Where there are fewer intervals, as only those want it who try it out, cuts stand at any tick
 */
export function cutSpans(duration: number, count: number): [Span, ...Span[]] {
  const edges = Array.from({ length: count - 1 }, (_, index) => cutAt(index + 1, count, duration));
  const rest = edges.map((start, index) => spanFrom(start, edges[index + 1]));
  return [spanFrom(0, edges[0]), ...rest];
}

/** Seconds at which one of the spans that a time line is cut into begins. */
function cutAt(index: number, count: number, duration: number): number {
  const steps = wholeIntervals(duration);
  if (count > steps) return wholeTicks((index * duration) / count);
  return Math.ceil((index * steps) / count) * KEYFRAME_INTERVAL_S - ROUNDING_S;
}

/** Frames are at whole ticks of the clock, so it is clear on which side of such a cut a frame is. */
function wholeTicks(seconds: number): number {
  return Math.round(seconds * CLOCK_RATE) / CLOCK_RATE;
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
