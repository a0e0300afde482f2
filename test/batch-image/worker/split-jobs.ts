import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { Plan } from '../../../domain/plan/plan.ts';
import { cutSpans } from '../../../domain/plan/spans.ts';
import { PieceStore } from '../../../services/piece-store.ts';
import { mediaSource } from '../../domain/media/sources.ts';
import { SCRATCH_BUCKET, useWorker } from './worker.ts';

export const { signal } = new AbortController();

/** The input has 25 frames in one second. */
export const HALVES: Plan = { children: 2, spans: cutSpans(1, 2), side_by_side: 1 };
export const QUARTERS: Plan = { children: 2, spans: cutSpans(1, 4), side_by_side: 2 };
/** Its second part begins where the video ends. */
export const BEYOND: Plan = { children: 2, spans: cutSpans(2, 2), side_by_side: 1 };

/** A worker, and what it leaves for others of the same job. */
export function useSplitJobs() {
  const worker = useWorker();
  const encode = (child: number) => worker.run({ step: 'encode', child });
  const pack = (scratch?: S3Client) => worker.run({ step: 'package', ...(scratch && { scratch }) });

  async function pieces(): Promise<PieceStore> {
    const job = await worker.job();
    if (job === undefined) throw new Error('There is no job.');
    return new PieceStore({ client: worker.s3.client, bucket: SCRATCH_BUCKET, job });
  }

  /** How many frames each span's pieces have. */
  async function framesOf({ spans }: Plan) {
    const store = await pieces();
    const found = await Promise.all(spans.map((_, span) => store.find(span, signal)));
    return found.map((manifest) => manifest?.frames);
  }

  /** All objects in the bucket of pieces. */
  async function keysOfPieces(): Promise<string[]> {
    const list = new ListObjectsV2Command({ Bucket: SCRATCH_BUCKET });
    const { Contents = [] } = await worker.s3.client.send(list);
    return Contents.map(({ Key = '' }) => Key);
  }

  /** Says of a span what no worker has found. */
  async function claimOf(span: number, frames = 0): Promise<void> {
    const manifest = { frames, encoder: 'libx264' as const, source: mediaSource() };
    await (await pieces()).put(span, manifest, [], signal);
  }

  return { worker, encode, pack, pieces, framesOf, keysOfPieces, claimOf };
}
