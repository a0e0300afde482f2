import { readdirSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../domain/batch/exit-codes.ts';
import { clientOf } from '../../local/s3/harness.ts';
import { clientThatAnswers, hungUp } from '../../support/answering-client.ts';
import { HALVES, signal, useSplitJobs } from './split-jobs.ts';
import { SCRATCH_BUCKET } from './worker.ts';

const { worker, encode, pack, pieces, framesOf, keysOfPieces } = useSplitJobs();

/** A client to which the store hangs up within objects whose keys end in a certain way, from the n-th such answer on. */
function clientThatCuts(end: string, { from = 1, to = Infinity } = {}): S3Client {
  let asked = 0;
  return clientThatAnswers(worker.s3.server.url, (body, { Key }) => {
    if (!Key?.endsWith(end)) return body;
    asked += 1;
    return asked < from || asked > to ? body : hungUp(body);
  });
}

it('packaging goes on where the transfer of a piece was cut', async () => {
  await worker.create({ plan: HALVES });
  await Promise.all([encode(0), encode(1)]);
  const client = clientThatCuts('0.mp4', { from: 2, to: 3 });
  expect(await pack(client)).toBe(EXIT.done);
  expect(await worker.job()).toMatchObject({ outcome: { outputs: [{ status: 'complete' }] } });
  client.destroy();
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
