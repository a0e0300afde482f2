import * as v from 'valibot';
import type { Size } from '../media/source.ts';
import { bestSideBySide, encodeSeconds, type Footage } from './encode-time.ts';
import { type Estimate, estimate, expectedBytes, type Work } from './estimate.ts';
import type { Fleet, SplitSettings } from './fleet.ts';
import type { Rendition } from './renditions.ts';
import { cutSpans, longestSpan, mostSpans, spanSchema, WHOLE } from './spans.ts';

/** How a job is shared out, as it is stored with the job. */
export const planSchema = v.object({
  /** Workers that encode. More than one make pieces, which another one then packages. */
  children: v.number(),
  /** The parts of the time line, in order. Each worker encodes as many of them at the same time. */
  spans: v.array(spanSchema),
  /** Parts that a worker encodes at the same time. */
  side_by_side: v.number(),
});

export type Plan = v.InferOutput<typeof planSchema>;

/** A job that one worker does from its beginning to its end. */
export const UNSPLIT: Plan = { children: 1, spans: [WHOLE], side_by_side: 1 };

/** What is known of an input before it is decoded. */
export interface PlanInput {
  /** `mp4`, `mov`, `mkv`, `webm` or another one. */
  readonly container: string | undefined;
  /** Seconds, where they are known. */
  readonly duration: number | undefined;
  /** Frames a second, where they are known. */
  readonly frameRate: number | undefined;
  /** Pixels of the decoded pictures. */
  readonly size: Size;
}

/** A plan and what it is expected to come to. */
export interface PlannedJob {
  readonly plan: Plan;
  /** Missing where the input does not say how long it is. */
  readonly expected?: Estimate & {
    /** The number of workers beyond which it would not be done sooner. */
    readonly fastest_children: number;
  };
}

/** Containers with an index, in which a worker finds its part at once. */
const INDEXED = new Set(['mp4', 'mov', 'mkv', 'webm']);

/** Frames a second that are reckoned with where the input does not tell. */
const USUAL_RATE = 30;

/** Shares a job out over the machines of a fleet. It is split only where that makes it be done sooner. */
export function planJob(input: PlanInput, renditions: readonly Rendition[], fleet: Fleet): PlannedJob {
  const { duration, frameRate, size } = input;
  if (duration === undefined || duration <= 0) return { plan: UNSPLIT };
  const footage = { frames: duration * (frameRate ?? USUAL_RATE), size };
  const canSplit = INDEXED.has(input.container ?? '');
  const sideBySide = canSplit ? sideBySideOf(duration, footage, renditions, fleet) : 1;
  const whole: Work = {
    encodeSeconds: encodeSeconds(footage, renditions, fleet.host, sideBySide),
    busiestShare: 1,
    bytes: renditions.reduce((sum, each) => sum + expectedBytes(each, duration, footage.frames), 0),
  };
  const expect = (children: number) => {
    const busiestShare = (longestSpan(duration, children * sideBySide) * sideBySide) / duration;
    return estimate({ ...whole, busiestShare }, children, fleet);
  };
  const most = canSplit ? mostChildren(duration, footage.frames, sideBySide, fleet) : 1;
  const fastest_children = soonest(upTo(most), expect);
  const wanted = Math.min(childrenFor(whole.encodeSeconds, fleet.split), fastest_children);
  const children = fleet.split.children === undefined ? soonest([1, wanted], expect) : most;
  const spans = cutSpans(duration, children * sideBySide);
  const plan = { children, spans, side_by_side: sideBySide };
  return { plan, expected: { ...expect(children), fastest_children } };
}

/** The number of children with which a job is done soonest; where several are as good, the first of them. */
function soonest(candidates: readonly number[], expect: (children: number) => Estimate): number {
  const seconds = candidates.map((children) => expect(children).seconds);
  return candidates[seconds.indexOf(Math.min(...seconds))] ?? 1;
}

function upTo(most: number): number[] {
  return Array.from({ length: most }, (_, index) => index + 1);
}

/** As many as keep each one's work at what is aimed at. */
function childrenFor(seconds: number, { quick_s, target_s }: SplitSettings): number {
  return seconds <= quick_s ? 1 : Math.ceil(seconds / target_s);
}

/**
 * No more than there are machines: those that come later would find the first ones idle. Who wants a number of children
 * gets it, as far as there are frames for them.
 */
function mostChildren(duration: number, frames: number, sideBySide: number, { hosts, split }: Fleet): number {
  const { min_span_s, max_children, children } = split;
  const most =
    children === undefined
      ? Math.min(hosts, max_children, mostSpans(duration, min_span_s) / sideBySide)
      : Math.min(children, frames / sideBySide);
  return Math.max(1, Math.floor(most));
}

function sideBySideOf(
  duration: number,
  footage: Footage,
  renditions: readonly Rendition[],
  { host, split }: Fleet,
): number {
  const best = bestSideBySide(footage, renditions, host);
  return Math.max(1, Math.min(best, mostSpans(duration, split.min_span_s)));
}

/** The spans of one worker. */
export function spansOf({ spans, side_by_side }: Plan, child: number): Plan['spans'] {
  return spans.slice(child * side_by_side, (child + 1) * side_by_side);
}
