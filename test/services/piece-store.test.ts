import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DeleteObjectCommand, ListObjectsV2Command, NoSuchKey } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PieceLayout } from '../../domain/plan/pieces.ts';
import { cutSpans } from '../../domain/plan/spans.ts';
import { parseJobRequest } from '../../domain/request/job-request.ts';
import { type PieceFile, PieceStore, type PieceStoreOptions } from '../../services/piece-store.ts';
import { PieceStoreError } from '../../services/stored-piece.ts';
import { mediaSource } from '../domain/media/sources.ts';
import { Bucket, useS3 } from '../local/s3/harness.ts';
import { clientThatAnswers, hungUp } from '../support/answering-client.ts';
import { newJob } from '../support/jobs.ts';
import { requestWith } from '../support/requests.ts';

type Job = PieceStoreOptions['job'];

const s3 = useS3();
const { signal } = new AbortController();
const plan = { children: 2, spans: cutSpans(10, 2), side_by_side: 1 };
const input = { size_bytes: 1000, etag: '"1"' };
const { job_id } = newJob();
const { outputs } = parseJobRequest(JSON.stringify(requestWith())).request;
const job: Job = { job_id, plan, outputs, input };
const layout: PieceLayout = { file_type_end: 32, header_start: 900, header_end: 1000, note_bytes: 7 };
const manifest = { frames: 125, encoder: 'libx264' as const, source: mediaSource() };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-pieces-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const storeOf = (fields: Partial<Job> = {}, client = s3.client) =>
  new PieceStore({ client, bucket: Bucket, job: { ...job, ...fields } });

/** Files with the given contents. */
const files = (...contents: string[]): PieceFile[] =>
  contents.map((content, index) => {
    const path = join(folder, `${index}.mp4`);
    writeFileSync(path, content);
    return { path, layout };
  });

async function keys(): Promise<string[]> {
  const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

describe('what was put', () => {
  it('is found and read, piece by piece', async () => {
    await storeOf().put(0, manifest, files('of 720p', 'of 480p'), signal);
    const etag = expect.stringMatching(/^".+"$/);
    const found = await storeOf().find(0, signal);
    expect(found).toEqual({
      ...manifest,
      pieces: [
        { ...layout, etag },
        { ...layout, etag },
      ],
    });
    const [one, other] = found?.pieces ?? [];
    expect(await text(storeOf().piece(0, 0, one?.etag).read(0, 7, signal))).toBe('of 720p');
    expect(await text(storeOf().piece(0, 1, other?.etag).read(3, 6, signal))).toBe('480');
  });

  it('is found where a span has no frames, and so no pieces', async () => {
    await storeOf().put(0, { ...manifest, frames: 0 }, [], signal);
    expect(await storeOf().find(0, signal)).toEqual({ ...manifest, frames: 0, pieces: [] });
    expect(await keys()).toHaveLength(1);
  });

  it('takes the place of what was there', async () => {
    await storeOf().put(0, manifest, files('one'), signal);
    await storeOf().put(0, { ...manifest, frames: 7 }, files('two'), signal);
    expect(await storeOf().find(0, signal)).toMatchObject({ frames: 7 });
    expect(await keys()).toHaveLength(2);
  });

  it.each<[string, Partial<Job>]>([
    ['another job', { job_id: newJob().job_id }],
    ['another plan', { plan: { ...plan, spans: cutSpans(10, 3) } }],
    ['a job that was not split', { plan: undefined }],
    ['other outputs', { outputs: outputs.map((output) => ({ ...output, preset: 'slow' as const })) }],
    ['another input', { input: { ...input, etag: '"2"' } }],
    ['an input without an ETag', { input: { size_bytes: 1000 } }],
  ])('is not found for %s', async (_, fields) => {
    await storeOf().put(0, manifest, files('one'), signal);
    expect(await storeOf(fields).find(0, signal)).toBeUndefined();
    await expect(text(storeOf(fields).piece(0, 0).read(0, 3, signal))).rejects.toThrow(NoSuchKey);
  });
});

describe('a span is missing', () => {
  it('of which nothing is there', async () => {
    await storeOf().put(0, manifest, files('one'), signal);
    expect(await storeOf().find(1, signal)).toBeUndefined();
  });

  it('whose pieces are there and of which nothing is said', async () => {
    await storeOf().put(0, manifest, files('one', 'two'), signal);
    const Key = (await keys()).find((key) => key.endsWith('manifest.json'));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await keys()).toHaveLength(2);
    expect(await storeOf().find(0, signal)).toBeUndefined();
  });

  it('one of whose pieces could not be put', async () => {
    const paths = [...files('one'), { path: join(folder, 'none.mp4'), layout }];
    await expect(storeOf().put(0, manifest, paths, signal)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await storeOf().find(0, signal)).toBeUndefined();
  });

  it('whose worker was told to end while it put them', async () => {
    const ending = new AbortController();
    s3.client.middlewareStack.add(
      (next) => (args) => {
        ending.abort(new Error('enough'));
        return next(args);
      },
      { step: 'initialize' },
    );
    await expect(storeOf().put(0, manifest, files('one', 'two'), ending.signal)).rejects.toThrow();
    expect(await storeOf().find(0, signal)).toBeUndefined();
  });
});

describe('what is said of a span', () => {
  it('may not come through', async () => {
    await storeOf().put(0, manifest, files('one'), signal);
    const client = clientThatAnswers(s3.server.url, hungUp);
    await expect(storeOf({}, client).find(0, signal)).rejects.toThrow(PieceStoreError);
    client.destroy();
  });

  it('is no longer asked for when a worker is told to end', async () => {
    const ending = AbortSignal.abort(new Error('enough'));
    await expect(storeOf().find(0, ending)).rejects.toThrow('enough');
  });
});

describe('removing', () => {
  it('leaves nothing of a job, also where a span had no pieces or was never put', async () => {
    await storeOf().put(0, { ...manifest, frames: 0 }, [], signal);
    await storeOf().put(2, manifest, files('one', 'two'), signal);
    await storeOf().remove(3, 2);
    expect(await keys()).toEqual([]);
  });

  it('leaves the pieces of other jobs', async () => {
    const other = storeOf({ job_id: newJob().job_id });
    await other.put(0, manifest, files('one'), signal);
    await storeOf().remove(2, 1);
    expect(await other.find(0, signal)).toMatchObject({ frames: manifest.frames });
    expect(await keys()).toHaveLength(2);
  });
});
