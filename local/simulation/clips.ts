import { oneOf, random } from '../chaos/random.ts';
import { ladderOf, sourceOf } from './inputs.ts';
import type { Order } from './job-work.ts';
import type { SimulatedJob } from './simulation.ts';

/** Seconds of the shortest and of the longest clip. All lengths between are as frequent. */
export const CLIP_SECONDS = [5, 60] as const;

/** Short clips of 1080p, each made into the ladder. @param createdAt seconds, by a clip's number */
export function clips(count: number, seed: number, createdAt: (index: number) => number): SimulatedJob[] {
  const renditions = ladderOf('medium');
  const [shortest, longest] = CLIP_SECONDS;
  const orderOf = (seconds: number): Order => ({ source: sourceOf(seconds), renditions });
  const longer = Array.from({ length: longest - shortest }, (_, index) => orderOf(shortest + 1 + index));
  const orders: [Order, ...Order[]] = [orderOf(shortest), ...longer];
  return Array.from({ length: count }, (_, index) => ({
    created: createdAt(index),
    order: oneOf(random(seed, 'length', index), orders),
  }));
}

/** Hours of video in all of them. */
export function hoursOf(jobs: readonly SimulatedJob[]): number {
  return jobs.reduce((sum, { order }) => sum + order.source.duration, 0) / 3600;
}
