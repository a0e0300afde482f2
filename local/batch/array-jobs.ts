import type { JobStatus } from '@aws-sdk/client-batch';
import { hasEnded, type JobRecord } from './job-record.ts';
import { ended } from './outcome.ts';

const statuses: readonly JobStatus[] = [
  'SUBMITTED',
  'PENDING',
  'RUNNABLE',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
];

/** How many children are in each state. */
export function statusSummary(children: readonly JobRecord[]): Record<string, number> {
  const summary: Record<string, number> = Object.fromEntries(statuses.map((status) => [status, 0]));
  for (const { status } of children) summary[status] = (summary[status] ?? 0) + 1;
  return summary;
}

/** What an array's parent becomes: pending until the last child has ended, and failed when any of them has. */
export function afterChildren(
  parent: JobRecord,
  children: readonly JobRecord[],
  now: number,
): Partial<JobRecord> | undefined {
  if (!children.every(hasEnded)) return parent.status === 'SUBMITTED' ? { status: 'PENDING' } : undefined;
  const failed = children.filter((child) => child.status === 'FAILED');
  if (failed.length === 0) return ended('SUCCEEDED', undefined, now);
  return ended('FAILED', parent.termination?.reason ?? 'Array Child Job failed', now);
}
