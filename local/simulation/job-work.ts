import { encodeSeconds } from '../../domain/plan/encode-time.ts';
import { expectedBytes } from '../../domain/plan/estimate.ts';
import type { Fleet } from '../../domain/plan/fleet.ts';
import { type PlanInput, type PlannedJob, planJob, spansOf } from '../../domain/plan/plan.ts';
import type { Rendition } from '../../domain/plan/renditions.ts';

/** A video with all that a planner wants to know. */
export interface Source extends PlanInput {
  readonly duration: number;
  readonly frameRate: number;
}

/** A video, and what is to be made of it. */
export interface Order {
  readonly source: Source;
  readonly renditions: readonly Rendition[];
}

/** What is to be done for a job, as the planner of the service shares it out. */
export interface JobWork {
  readonly planned: PlannedJob;
  /** Seconds that each worker encodes. */
  readonly encode_s: readonly number[];
  /** Seconds for which outputs are packaged: on another machine where there is more than one worker. */
  readonly package_s: number;
}

/** Plans a job, and tells how long each of its workers then encodes on machines that are as fast as they should be. */
export function workOf({ source, renditions }: Order, fleet: Fleet): JobWork {
  const { duration, frameRate, size } = source;
  const planned = planJob(source, renditions, fleet);
  const { children, side_by_side } = planned.plan;
  const encode_s = Array.from({ length: children }, (_, child) => {
    const lengths = spansOf(planned.plan, child).map(({ start, end = duration }) => end - start);
    // Its spans are encoded side by side, so the longest of them decides.
    const frames = Math.max(...lengths) * side_by_side * frameRate;
    return encodeSeconds({ frames, size }, renditions, fleet.host, side_by_side);
  });
  const frames = duration * frameRate;
  const bytes = renditions.reduce((sum, each) => sum + expectedBytes(each, duration, frames), 0);
  return { planned, encode_s, package_s: bytes / fleet.package_bytes_per_s };
}
