import type { JOB_TABLE } from '../../domain/job/table.ts';

/** The key of an item in the one table. */
export type ItemKey = Record<typeof JOB_TABLE.partitionKey | typeof JOB_TABLE.sortKey, string>;

const JOB_SORT_KEY = 'job';
const CHUNK_PREFIX = 'chunk#';
const PACKAGING_SORT_KEY = 'packaging';
const WORK_PREFIX = 'work#';
const CALLBACK_PREFIX = 'callback#';

/** The partition that holds everything of one job. */
export function jobPartition(jobId: string): string {
  return `job#${jobId}`;
}

export function jobKey(jobId: string): ItemKey {
  return { pk: jobPartition(jobId), sk: JOB_SORT_KEY };
}

/** The progress of one encoding worker. */
export function chunkKey(jobId: string, chunk: number): ItemKey {
  return { pk: jobPartition(jobId), sk: `${CHUNK_PREFIX}${String(chunk).padStart(4, '0')}` };
}

/** The progress of the packaging. */
export function packagingKey(jobId: string): ItemKey {
  return { pk: jobPartition(jobId), sk: PACKAGING_SORT_KEY };
}

/** What a Batch job has taken of a machine to encode. */
export function workKey(jobId: string, batchJobId: string): ItemKey {
  return { pk: jobPartition(jobId), sk: `${WORK_PREFIX}${batchJobId}` };
}

/** One try to deliver the job's callback. */
export function callbackKey(jobId: string, attempt: number): ItemKey {
  return { pk: jobPartition(jobId), sk: `${CALLBACK_PREFIX}${String(attempt).padStart(4, '0')}` };
}

/** A request that came with an idempotency key of a tenant's. */
export function idempotencyKey(tenant: string, key: string): ItemKey {
  return { pk: `tenant#${tenant}`, sk: `idempotency#${key}` };
}

/** What an item is, by its sort key. */
export function itemKind(sk: unknown): 'job' | 'chunk' | 'packaging' | 'work' | 'callback' | undefined {
  if (sk === JOB_SORT_KEY) return 'job';
  if (sk === PACKAGING_SORT_KEY) return 'packaging';
  if (typeof sk !== 'string') return undefined;
  if (sk.startsWith(CHUNK_PREFIX)) return 'chunk';
  if (sk.startsWith(WORK_PREFIX)) return 'work';
  return sk.startsWith(CALLBACK_PREFIX) ? 'callback' : undefined;
}
