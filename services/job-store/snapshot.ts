import * as v from 'valibot';
import { callbackAttemptSchema, type JobSnapshot, jobRecordSchema } from '../../domain/job/job-record.ts';
import { itemKind } from './items.ts';

/** A job out of the items that are stored of it; undefined when its own is not among them. */
export function snapshotOf(items: readonly Record<string, unknown>[]): JobSnapshot | undefined {
  const ofKind = (kind: ReturnType<typeof itemKind>) => items.filter(({ sk }) => itemKind(sk) === kind);
  const [record] = ofKind('job');
  if (record === undefined) return undefined;
  return {
    job: v.parse(jobRecordSchema, record),
    encoded: Math.max(0, ...ofKind('chunk').map(({ encoded }) => Number(encoded))),
    packaged: Math.max(0, ...ofKind('packaging').map(({ packaged }) => Number(packaged))),
    callbacks: ofKind('callback').map((item) => v.parse(callbackAttemptSchema, item)),
  };
}
