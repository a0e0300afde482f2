import type { JobPlanResource } from '../../domain/plan/plan-resource.ts';

/** Says how a job is shared out. */
export function splitLine({ chunks, children }: Pick<JobPlanResource, 'chunks' | 'children'>): string {
  if (children === 1) return 'Not split: only MP4, MOV, MKV and WebM files that say how long they are can be';
  return `Split into ${chunks.length} parts, encoded by ${children} workers`;
}
