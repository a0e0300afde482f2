import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../domain/batch/exit-codes.ts';
import type { PieceManifest } from '../../../domain/plan/pieces.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import { cutSpans } from '../../../domain/plan/spans.ts';
import { PieceStore } from '../../../services/piece-store.ts';
import { mediaSource } from '../../domain/media/sources.ts';
import { clientOf, read } from '../../local/s3/harness.ts';
import { type Reply, status } from '../../services/origin.ts';
import { failure, success } from '../../support/jobs.ts';
import { SCRATCH_BUCKET, useWorker } from './worker.ts';

const worker = useWorker();
const at = new Date('2026-01-01T00:00:01.000Z');

/** The input has 25 frames in one second. */
const HALVES: Plan = { children: 2, spans: cutSpans(1, 2), side_by_side: 1 };
const QUARTERS: Plan = { children: 2, spans: cutSpans(1, 4), side_by_side: 2 };
/** Its second part begins where the video ends. */
const BEYOND: Plan = { children: 2, spans: cutSpans(2, 2), side_by_side: 1 };

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
  const found = await Promise.all(spans.map((_, span) => store.find(span)));
  return found.map((manifest) => manifest?.frames);
}

/** How many objects there are in the bucket of pieces. */
async function countPieces(): Promise<number> {
  const list = new ListObjectsV2Command({ Bucket: SCRATCH_BUCKET });
  return (await worker.s3.client.send(list)).KeyCount ?? 0;
}

/** Says of a span what no worker has found. */
async function claimOf(span: number, fields: Partial<PieceManifest> = {}): Promise<void> {
  const manifest: PieceManifest = { frames: 0, encoder: 'libx264', source: mediaSource(), ...fields };
  await (await pieces()).put(span, manifest, [], new AbortController().signal);
}

describe('a worker that encodes a part', () => {
  it('leaves its pieces and how far it is, and neither an outcome nor a claim', async () => {
    await worker.create({ plan: HALVES });
    expect(await encode(1)).toBe(EXIT.done);
    expect(await framesOf(HALVES)).toEqual([undefined, 12]);
    const job = await worker.job();
    expect(job).toMatchObject({ status: 'encode_in_progress', started_at: expect.any(String) });
    expect(job).not.toHaveProperty('outcome');
    expect(job).not.toHaveProperty('claimed_by');
    expect(await worker.store.jobs.load(worker.jobId)).toMatchObject({ encoded: 0.5 });
    expect(readdirSync(worker.scratchDir)).toEqual([]);
    expect(worker.log.join('')).toBe('');
  });

  it('encodes several spans at the same time where the plan says so', async () => {
    await worker.create({ plan: QUARTERS });
    expect(await encode(1)).toBe(EXIT.done);
    expect(await framesOf(QUARTERS)).toEqual([undefined, undefined, 6, 6]);
  });

  it('does not make again what is there', async () => {
    await worker.create({ plan: HALVES });
    expect(await encode(0)).toBe(EXIT.done);
    worker.origin.routes['/in.mp4'] = status(404);
    expect(await encode(0)).toBe(EXIT.done);
    expect(await framesOf(HALVES)).toEqual([13, undefined]);
  });

  it('makes just those spans that are missing', async () => {
    await worker.create({ plan: QUARTERS });
    await claimOf(0, { frames: 99 });
    expect(await encode(0)).toBe(EXIT.done);
    expect(await framesOf(QUARTERS)).toEqual([99, 6, undefined, undefined]);
  });

  it('says that a span has no frames, and makes no pieces of it', async () => {
    await worker.create({ plan: BEYOND });
    expect(await encode(1)).toBe(EXIT.done);
    expect(await framesOf(BEYOND)).toEqual([undefined, 0]);
    expect(await countPieces()).toBe(1);
  });

  it.each<[string, Reply, string]>([
    ['is gone', status(404), 'input_unreachable'],
    ['is no video', status(200, {}, 'words, words, words'), 'input_not_media'],
  ])(
    'leaves the error as the outcome when the input %s, with which others then end, too',
    async (_, reply, code) => {
      await worker.create({ plan: HALVES });
      worker.origin.routes['/in.mp4'] = reply;
      expect(await encode(0)).toBe(EXIT.jobFailed);
      expect(await worker.job()).toMatchObject({
        status: 'encode_in_progress',
        outcome: { error: { code } },
      });
      const asked = worker.origin.requests.length;
      expect(await encode(1)).toBe(EXIT.jobFailed);
      expect(worker.origin.requests).toHaveLength(asked);
      expect(await countPieces()).toBe(0);
    },
  );
});

describe('the worker that packages', () => {
  it.each<[string, Plan]>([
    ['of two parts', HALVES],
    ['of spans that were encoded side by side', QUARTERS],
    ['when one part has no frames', BEYOND],
  ])('makes the outputs %s, and removes the pieces', async (_, plan) => {
    await worker.create({ plan });
    expect(await Promise.all([encode(0), encode(1)])).toEqual([EXIT.done, EXIT.done]);
    expect(await pack()).toBe(EXIT.done);
    expect(await worker.job()).toMatchObject({
      status: 'packaging_in_progress',
      claimed_by: 'b-1',
      outcome: {
        outputs: [{ status: 'complete', made: { width: 160, height: 90, frames: 25, encoder: 'libx264' } }],
      },
    });
    expect(await read(worker.s3, 'video_0.mp4')).toContain('ftyp');
    expect(await countPieces()).toBe(0);
    expect(readdirSync(worker.scratchDir)).toEqual([]);
    expect(worker.log.join('')).toBe('');
  });

  it('fails the job when no part has a frame', async () => {
    await worker.create({ plan: HALVES });
    await claimOf(0);
    await claimOf(1);
    expect(await pack()).toBe(EXIT.jobFailed);
    expect(await worker.job()).toMatchObject({ outcome: { error: { code: 'input_corrupt' } } });
    expect(await countPieces()).toBe(0);
  });

  it('fails the job when the pieces do not fit together', async () => {
    await worker.create({ plan: HALVES });
    await encode(0);
    const store = await pieces();
    const { signal } = new AbortController();
    const path = join(worker.scratchDir, 'piece.mp4');
    await store.fetch(0, 0, path, signal);
    const manifest = await store.find(0);
    if (manifest) await store.put(1, manifest, [path], signal);
    expect(await pack()).toBe(EXIT.jobFailed);
    expect(await worker.job()).toMatchObject({
      outcome: {
        error: { code: 'output_verification_failed', message: expect.stringContaining('do not fit') },
      },
    });
  });

  it('removes the pieces, too, when an earlier attempt was lost before it did', async () => {
    await worker.create({ plan: HALVES });
    await encode(0);
    await worker.store.jobs.recordOutcome(worker.jobId, success, at);
    expect(await pack()).toBe(EXIT.done);
    expect(await worker.job()).toMatchObject({ outcome: success });
    expect(await countPieces()).toBe(0);
  });

  it('removes the pieces of a job that was ended', async () => {
    await worker.create({ plan: HALVES });
    await encode(0);
    await worker.store.jobs.end(worker.jobId, { status: 'error', error: failure, owesCallback: false, at });
    expect(await pack()).toBe(EXIT.done);
    expect(await countPieces()).toBe(0);
  });
});

describe('another attempt is asked for', () => {
  it('when pieces are missing', async () => {
    await worker.create({ plan: HALVES });
    await encode(0);
    expect(await pack()).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
    expect(worker.log.join('')).toContain('The pieces of span 1 are not there.');
    expect(await framesOf(HALVES)).toEqual([13, undefined]);
  });

  it('when the transfer of a piece is cut', async () => {
    await worker.create({ plan: HALVES });
    await Promise.all([encode(0), encode(1)]);
    const client = clientThatCuts('0.mp4');
    expect(await pack(client)).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
    expect(await framesOf(HALVES)).toEqual([13, 12]);
    client.destroy();
  });

  it('when the store of pieces cannot be reached', async () => {
    await worker.create({ plan: HALVES });
    const client = clientOf('http://127.0.0.1:9');
    expect(await worker.run({ step: 'encode', scratch: client })).toBe(EXIT.hostUnfit);
    expect(await pack(client)).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
    client.destroy();
  });
});

/** A client to which the store hangs up within objects whose keys end in a certain way. */
function clientThatCuts(end: string): S3Client {
  const client = clientOf(worker.s3.server.url);
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { Key } = args.input as { Key?: string };
      const { Body } = answer.output as { Body?: { destroy(error: Error): void } };
      // As Node's own client says it.
      if (Key?.endsWith(end)) Body?.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
      return answer;
    },
    { step: 'initialize' },
  );
  return client;
}
