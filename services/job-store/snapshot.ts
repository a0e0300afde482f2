import * as v from 'valibot';
import { callbackAttemptSchema, type JobSnapshot, jobRecordSchema } from '../../domain/job/job-record.ts';
import { itemKind } from './items.ts';

/** A job out of the items that are stored of it; undefined when its own is not among them. */
export function snapshotOf(items: readonly Record<string, unknown>[]): JobSnapshot | undefined {
  const ofKind = (kind: ReturnType<typeof itemKind>) => items.filter(({ sk }) => itemKind(sk) === kind);
  const [record] = ofKind('job');
  if (record === undefined) return undefined;
  const job = v.parse(jobRecordSchema, record);
  const encoded = ofKind('chunk').reduce((sum, chunk) => sum + Number(chunk.encoded), 0);
  return {
    job,
    // Of all workers together, whose parts are about as long.
    encoded: Math.min(1, encoded / (job.plan?.children ?? 1)),
    packaged: Math.max(0, ...ofKind('packaging').map(({ packaged }) => Number(packaged))),
    encodingSeconds: ofKind('work').reduce((sum, work) => sum + Number(work.seconds), 0),
    callbacks: ofKind('callback').map((item) => v.parse(callbackAttemptSchema, item)),
  };
}
