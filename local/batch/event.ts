import { randomUUID } from 'node:crypto';
import type { JobDetail } from '@aws-sdk/client-batch';
import { localAccount, localRegion } from '../arn.ts';
import { jobArn } from './names.ts';

/** https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html */
export interface BatchStateChangeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Batch Job State Change';
  readonly source: 'aws.batch';
  readonly account: string;
  /** RFC 3339, to the second. */
  readonly time: string;
  readonly region: string;
  /** The job's ARN. */
  readonly resources: readonly string[];
  readonly detail: JobDetail;
}

/** @param now milliseconds since 1970 */
export function stateChangeEvent(jobId: string, detail: JobDetail, now: number): BatchStateChangeEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Batch Job State Change',
    source: 'aws.batch',
    account: localAccount,
    time: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: localRegion,
    resources: [jobArn(jobId)],
    detail,
  };
}
