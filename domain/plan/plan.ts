import * as v from 'valibot';
import type { Size } from '../media/source.ts';
import { bestSideBySide, encodeSeconds, type Footage } from './encode-time.ts';
import { estimate, expectedBytes, fastestChildren, type Work } from './estimate.ts';
import type { Fleet, SplitSettings } from './fleet.ts';
import type { Rendition } from './renditions.ts';
import { cutSpans, spanSchema, WHOLE } from './spans.ts';

/** How a job is shared out, as it is stored with the job. */
export const planSchema = v.object({
  /** Workers that encode. More than one make pieces, which another one then packages. */
  children: v.number(),
  /** The parts of the time line, in order. Each worker encodes as many of them at the same time, the last one maybe fewer. */
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
  readonly expected?: {
    /** Of the whole job, in seconds. */
    readonly seconds: number;
    /** Of all machines that encode, in seconds. */
    readonly encoding_seconds: number;
    readonly usd: number;
    /** The number of workers beyond which it would not be done sooner. */
    readonly fastest_children: number;
  };
}

/** Containers with an index, in which a worker finds its part at once. */
const INDEXED = new Set(['mp4', 'mov', 'mkv', 'webm']);

/** Frames a second that are reckoned with where the input does not tell. */
const USUAL_RATE = 30;

/** Shares a job out over the machines of a fleet. */
export function planJob(input: PlanInput, renditions: readonly Rendition[], fleet: Fleet): PlannedJob {
  const { duration, frameRate, size } = input;
  if (duration === undefined) return { plan: UNSPLIT };
  const footage = { frames: duration * (frameRate ?? USUAL_RATE), size };
  const canSplit = INDEXED.has(input.container ?? '');
  const sideBySide = canSplit ? sideBySideOf(duration, footage, renditions, fleet) : 1;
  const work: Work = {
    encodeSeconds: encodeSeconds(footage, renditions, fleet.host, sideBySide),
    bytes: renditions.reduce((sum, each) => sum + expectedBytes(each, duration, footage.frames), 0),
  };
  const most = canSplit ? mostChildren(duration, sideBySide, fleet) : 1;
  const children = fleet.split.children ?? childrenFor(work.encodeSeconds, fleet.split);
  const plan = planOf(duration, frameRate, Math.min(children, most), sideBySide);
  const fastest_children = fastestChildren(work, most, fleet);
  return { plan, expected: { ...estimate(work, plan.children, fleet), fastest_children } };
}

function planOf(
  duration: number,
  frameRate: number | undefined,
  children: number,
  side_by_side: number,
): Plan {
  const spans = cutSpans(duration, children * side_by_side, frameRate);
  return { children: Math.ceil(spans.length / side_by_side), spans, side_by_side };
}

/** As many as keep each one's work at what is aimed at. */
function childrenFor(seconds: number, { quick_s, target_s }: SplitSettings): number {
  return seconds <= quick_s ? 1 : Math.ceil(seconds / target_s);
}

/** No more than there are machines: those that come later would find the first ones idle. */
function mostChildren(duration: number, sideBySide: number, { hosts, split }: Fleet): number {
  const { min_span_s, max_children, children } = split;
  const mostSpans = Math.floor(duration / (min_span_s * sideBySide));
  return children ?? Math.max(1, Math.min(hosts, max_children, mostSpans));
}

function sideBySideOf(
  duration: number,
  footage: Footage,
  renditions: readonly Rendition[],
  { host, split }: Fleet,
): number {
  const best = bestSideBySide(footage, renditions, host);
  return duration / best < split.min_span_s ? 1 : best;
}

/** The spans of one worker. */
export function spansOf({ spans, side_by_side }: Plan, child: number): Plan['spans'] {
  return spans.slice(child * side_by_side, (child + 1) * side_by_side);
}
