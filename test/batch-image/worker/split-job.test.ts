import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../domain/batch/exit-codes.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import { read } from '../../local/s3/harness.ts';
import { type Reply, status } from '../../services/origin.ts';
import { failure, success } from '../../support/jobs.ts';
import { BEYOND, HALVES, QUARTERS, signal, useSplitJobs } from './split-jobs.ts';

const { worker, encode, pack, pieces, framesOf, keysOfPieces, claimOf } = useSplitJobs();
const at = new Date('2026-01-01T00:00:01.000Z');

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
    await claimOf(0, 99);
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
