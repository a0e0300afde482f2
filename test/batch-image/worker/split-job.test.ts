import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../domain/batch/exit-codes.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import { cutSpans } from '../../../domain/plan/spans.ts';
import { PieceStore } from '../../../services/piece-store.ts';
import { mediaSource } from '../../domain/media/sources.ts';
import { clientOf, read } from '../../local/s3/harness.ts';
import { type Reply, status } from '../../services/origin.ts';
import { clientThatAnswers, hungUp } from '../../support/answering-client.ts';
import { failure, success } from '../../support/jobs.ts';
import { SCRATCH_BUCKET, useWorker } from './worker.ts';

const worker = useWorker();
const { signal } = new AbortController();
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
async function claimOf(span: number, fields: { frames?: number } = {}): Promise<void> {
  const manifest = {
    frames: 0,
    encoder: 'libx264' as const,
    source: mediaSource(),
    ...fields,
  };
  await (await pieces()).put(span, manifest, [], signal);
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
    expect(await keysOfPieces()).toHaveLength(1);
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
      expect(await keysOfPieces()).toEqual([]);
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
    expect(await keysOfPieces()).toEqual([]);
    expect(readdirSync(worker.scratchDir)).toEqual([]);
    expect(worker.log.join('')).toBe('');
  });

  it('goes on where the transfer of a piece was cut', async () => {
    await worker.create({ plan: HALVES });
    await Promise.all([encode(0), encode(1)]);
    const client = clientThatCuts('0.mp4', { from: 2, to: 3 });
    expect(await pack(client)).toBe(EXIT.done);
    expect(await worker.job()).toMatchObject({ outcome: { outputs: [{ status: 'complete' }] } });
    client.destroy();
  });

  it('fails the job when no part has a frame', async () => {
    await worker.create({ plan: HALVES });
    await claimOf(0);
    await claimOf(1);
    expect(await pack()).toBe(EXIT.jobFailed);
    expect(await worker.job()).toMatchObject({ outcome: { error: { code: 'input_corrupt' } } });
    expect(await keysOfPieces()).toEqual([]);
  });

  it('fails the job when the pieces do not fit together', async () => {
    await worker.create({ plan: HALVES });
    await encode(0);
    const store = await pieces();
    const path = join(worker.scratchDir, 'piece.mp4');
    const manifest = await store.find(0, signal);
    const [layout] = manifest?.pieces ?? [];
    if (manifest === undefined || layout === undefined) throw new Error('There is no piece.');
    await writeFile(path, store.piece(0, 0).read(0, layout.header_end, signal));
    await store.put(1, manifest, [{ path, layout }], signal);
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
    expect(await keysOfPieces()).toEqual([]);
  });

  it('removes the pieces of a job that was ended', async () => {
    await worker.create({ plan: HALVES });
    await encode(0);
    await worker.store.jobs.end(worker.jobId, { status: 'error', error: failure, owesCallback: false, at });
    expect(await pack()).toBe(EXIT.done);
    expect(await keysOfPieces()).toEqual([]);
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

  it.each<[string, string, number]>([
    ['what is said of a span', 'manifest.json', 1],
    ["a piece's header", '0.mp4', 1],
    ["a piece's frames", '0.mp4', 3],
  ])('when the transfer of %s is cut again and again', async (_, end, from) => {
    await worker.create({ plan: HALVES });
    await Promise.all([encode(0), encode(1)]);
    const client = clientThatCuts(end, { from });
    expect(await pack(client)).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
    expect(await framesOf(HALVES)).toEqual([13, 12]);
    expect(readdirSync(worker.scratchDir)).toEqual([]);
    client.destroy();
  });

  it('when a piece was replaced since it was described', async () => {
    await worker.create({ plan: HALVES });
    await Promise.all([encode(0), encode(1)]);
    const Key = (await keysOfPieces()).find((key) => key.endsWith('1/0.mp4'));
    const manifest = await (await pieces()).find(1, signal);
    const Body = Buffer.alloc(manifest?.pieces[0]?.header_end ?? 0);
    await worker.s3.client.send(new PutObjectCommand({ Bucket: SCRATCH_BUCKET, Key, Body }));
    expect(await pack()).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
  });

  it('when a worker is told to end while it reads pieces', async () => {
    await worker.create({ plan: HALVES });
    await Promise.all([encode(0), encode(1)]);
    const ending = new AbortController();
    let asked = 0;
    const client = clientThatAnswers(worker.s3.server.url, (body, { Key }) => {
      if (!Key?.endsWith('0.mp4') || ++asked < 3) return body;
      setImmediate(() => ending.abort(new Error('enough')));
      return new PassThrough();
    });
    const { signal } = ending;
    expect(await worker.run({ step: 'package', scratch: client, signal })).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
    expect(readdirSync(worker.scratchDir)).toEqual([]);
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

/** A client to which the store hangs up within objects whose keys end in a certain way, from the n-th such answer on. */
function clientThatCuts(end: string, { from = 1, to = Infinity } = {}): S3Client {
  let asked = 0;
  return clientThatAnswers(worker.s3.server.url, (body, { Key }) => {
    if (!Key?.endsWith(end)) return body;
    asked += 1;
    return asked < from || asked > to ? body : hungUp(body);
  });
}
