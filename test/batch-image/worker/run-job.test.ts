import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it, vi } from 'vitest';
import type { ToolPaths } from '../../../batch-image/worker/env.ts';
import { HostUnfitError, isHostFailure } from '../../../batch-image/worker/host-unfit-error.ts';
import { EXIT } from '../../../domain/batch/exit-codes.ts';
import { OctetError } from '../../../domain/errors.ts';
import type { Outcome } from '../../../domain/job/job-record.ts';
import { DEFAULT_INPUT_LIMITS, type InputLimits } from '../../../domain/media/input-limits.ts';
import { JobStore } from '../../../services/job-store/job-store.ts';
import { SecretBox } from '../../../services/secrets/secret-box.ts';
import { PieceStoreError } from '../../../services/stored-piece.ts';
import { Bucket, filesOf, read } from '../../local/s3/harness.ts';
import { destinationAt } from '../../services/destination/destinations.ts';
import { file, type Reply, status } from '../../services/origin.ts';
import { dynamoDbClient, tableName } from '../../support/job-store.ts';
import { failure, success } from '../../support/jobs.ts';
import { keyId } from '../../support/secret-box.ts';
import { forever, usePrograms } from './programs.ts';
import { outputsOf, realTools, useWorker } from './worker.ts';

const worker = useWorker();
const program = usePrograms();
const at = new Date('2026-01-01T00:00:01.000Z');
/** What is not to be started at all. */
const noTools: ToolPaths = { ffmpeg: '/no/such/ffmpeg', ffprobe: '/no/such/ffprobe', environment: {} };

describe('there is nothing to do', () => {
  it('for a job that is not there', async () => {
    worker.jobId = 'none';
    expect(await worker.run({ tools: noTools })).toBe(EXIT.done);
    expect(await worker.store.itemsOf('none')).toEqual([]);
  });

  it.each(['complete', 'error'] as const)('for a job that is %s', async (end) => {
    await worker.store.jobs.end(worker.jobId, { status: end, owesCallback: false, at });
    const before = await worker.job();
    expect(await worker.run({ tools: noTools })).toBe(EXIT.done);
    expect(await worker.job()).toEqual(before);
  });

  it.each<[string, Outcome, number]>([
    ['delivered everything', success, EXIT.done],
    ['failed', { error: failure }, EXIT.jobFailed],
    ['failed in part', { outputs: [{ status: 'error', error: failure }] }, EXIT.jobFailed],
  ])('but to end as an earlier attempt would have that %s', async (_, outcome, exitCode) => {
    await worker.store.jobs.recordOutcome(worker.jobId, outcome, at);
    expect(await worker.run({ tools: noTools })).toBe(exitCode);
    expect(await worker.job()).toMatchObject({ outcome });
  });

  it('for a job that another Batch job has taken on', async () => {
    await worker.store.jobs.claim(worker.jobId, 'b-2');
    const before = await worker.job();
    expect(await worker.run()).toBe(EXIT.done);
    expect(await worker.job()).toEqual(before);
    expect(worker.origin.requests).toEqual([]);
  });
});

it('a job fails whose input has another size than when it was created', async () => {
  await worker.create({ input: { size_bytes: 7 } });
  expect(await worker.run()).toBe(EXIT.jobFailed);
  expect(await worker.job()).toMatchObject({ outcome: { error: { code: 'input_changed' } } });
});

describe('a job is done', () => {
  it('by the file at its destination, and leaves nothing on the machine', async () => {
    const leftover = join(worker.scratchDir, `${worker.jobId}-whole-0`, 'of-a-killed-attempt');
    mkdirSync(leftover, { recursive: true });
    expect(await worker.run()).toBe(EXIT.done);
    const url = `${worker.s3.server.url}/${Bucket}/video_0.mp4`;
    expect(await worker.job()).toMatchObject({
      status: 'packaging_in_progress',
      claimed_by: 'b-1',
      started_at: expect.any(String),
      encoded_at: expect.any(String),
      packaged_at: expect.any(String),
      outcome: {
        outputs: [
          { status: 'complete', url, made: { width: 160, height: 90, frames: 25, encoder: 'libx264' } },
        ],
      },
    });
    expect(await worker.store.jobs.load(worker.jobId)).toMatchObject({
      encoded: expect.any(Number),
      packaged: 1,
    });
    expect(await read(worker.s3, 'video_0.mp4')).toContain('ftyp');
    expect(readdirSync(worker.scratchDir)).toEqual([]);
    expect(worker.log.join('')).toBe('');
  });

  it('with its outputs in the order in which they were asked for, whichever is the smallest', async () => {
    const resolutions = ['320x180', '160x90', '240x136'];
    const outputs = outputsOf(3).map((output, index) => ({
      ...output,
      resolution: resolutions[index] ?? '',
    }));
    await worker.create({ outputs });
    expect(await worker.run()).toBe(EXIT.done);
    const made = [320, 160, 240].map((width) => ({ made: { width } }));
    expect(await worker.job()).toMatchObject({ outcome: { outputs: made } });
  });

  it('again by a later attempt of the same Batch job', async () => {
    await worker.store.jobs.claim(worker.jobId, 'b-1');
    await worker.store.jobs.advance(worker.jobId, 'packaging_in_progress', at);
    expect(await worker.run()).toBe(EXIT.done);
    expect(await worker.job()).toMatchObject({ status: 'packaging_in_progress', outcome: { outputs: [{}] } });
  });
});

it('is done anew, and once, when its worker was killed between uploading its files and writing that down', async () => {
  const dying = Object.assign(new JobStore({ client: worker.store.client, tableName }), {
    recordOutcome: () => new Promise<never>(() => {}),
  });
  void worker.run({ jobs: dying });
  await vi.waitFor(
    async () => expect((await worker.store.jobs.load(worker.jobId))?.packaged).toBe(1),
    20_000,
  );
  const before = filesOf(worker.s3);
  expect(before).not.toEqual([]);
  expect(await worker.job()).not.toHaveProperty('outcome');
  expect(await worker.run()).toBe(EXIT.done);
  expect(filesOf(worker.s3)).toEqual(before);
  expect(await worker.job()).toMatchObject({ outcome: { outputs: [{ status: 'complete' }] } });
});

describe('a failure is written down', () => {
  it('of the input', async () => {
    worker.origin.routes['/in.mp4'] = status(404);
    expect(await worker.run()).toBe(EXIT.jobFailed);
    expect(await worker.job()).toMatchObject({
      status: 'encode_in_progress',
      outcome: { error: { code: 'input_unreachable', message: expect.stringContaining('answered 404') } },
    });
    expect(worker.log.join('')).toContain(worker.jobId);
    expect(worker.log.join('')).not.toContain('hush');
  });

  it('of every output at the destination', async () => {
    await worker.create({ destination: destinationAt(worker.s3.server.url, { bucket: 'nowhere' }) });
    expect(await worker.run()).toBe(EXIT.jobFailed);
    const error = { code: 'destination_denied', message: expect.stringContaining('no bucket nowhere') };
    expect(await worker.job()).toMatchObject({ outcome: { outputs: [{ status: 'error', error }] } });
    expect(filesOf(worker.s3)).toEqual([]);
  });

  it('that nobody has foreseen, without its inside', async () => {
    await worker.create({ sealed_work: 'broken' });
    expect(await worker.run()).toBe(EXIT.jobFailed);
    expect(await worker.job()).toMatchObject({
      outcome: {
        error: { code: 'internal', message: 'An unexpected error ended the job; its log has the details.' },
      },
    });
    expect(worker.log.join('')).toContain('ValiError');
  });
});

describe('a limit of inputs is kept', () => {
  it.each<[keyof InputLimits, RegExp]>([
    ['bytes', /has \d+ bytes, and the limit "bytes" of this service is 1:/],
    ['seconds', /has 1 seconds of video, and the limit "seconds"/],
    ['side', /has 320 pixels on its longer side/],
    ['frame_rate', /has 25 frames a second/],
  ])('of %s', async (name, message) => {
    const inputLimits = { ...DEFAULT_INPUT_LIMITS, [name]: name === 'seconds' ? 0.5 : 1 };
    expect(await worker.run({ inputLimits })).toBe(EXIT.jobFailed);
    expect(await worker.job()).toMatchObject({
      outcome: { error: { code: 'input_unsupported', message: expect.stringMatching(message) } },
    });
  });
});

/** As the SDK's name for it is. */
const NO_CREDENTIALS = 'CredentialsProviderError';

describe('another attempt is asked for', () => {
  it('when no encoder works on the host, which then has not taken the job on', async () => {
    expect(await worker.run({ tools: noTools })).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('claimed_by');
    expect(await worker.job()).not.toHaveProperty('outcome');
    expect(worker.log.join('')).toContain('No encoder works on this host');
  });

  it('when the worker is told to end', async () => {
    const started = join(worker.scratchDir, 'started');
    const code = `require('fs').writeFileSync(${JSON.stringify(started)}, ''); ${forever}`;
    const abort = new AbortController();
    const running = worker.run({ tools: { ...noTools, ffmpeg: program(code) }, signal: abort.signal });
    await vi.waitFor(() => expect(existsSync(started)).toBe(true), 10_000);
    abort.abort(new Error('enough'));
    expect(await running).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
    expect(worker.log).toEqual([]);
  });

  it('at once when the verification of one output is killed, although that of another has not ended', async () => {
    await worker.create({ outputs: outputsOf(2) });
    const code = `const path = process.argv.at(-1);
      if (path.endsWith('/0.finished.mp4')) ${forever};
      else if (path.endsWith('/1.finished.mp4')) process.kill(process.pid, 'SIGKILL');
      else require('child_process').spawnSync(${JSON.stringify(realTools.ffprobe)}, process.argv.slice(2), { stdio: 'inherit' });`;
    expect(await worker.run({ tools: { ...realTools, ffprobe: program(code) } })).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
    expect(filesOf(worker.s3)).toEqual([]);
    expect(readdirSync(worker.scratchDir)).toEqual([]);
  });

  it('when KMS cannot be reached, although the job has been taken on', async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new KMSClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    expect(await worker.run({ secrets: new SecretBox({ client, keyId }) })).toBe(EXIT.hostUnfit);
    expect(await worker.job()).not.toHaveProperty('outcome');
    client.destroy();
  });

  it.each([
    ['the disk is full', Object.assign(new Error('write'), { code: 'ENOSPC', errno: -28 }), true],
    ['AWS does not answer', Object.assign(new Error('busy'), { $metadata: { attempts: 3 } }), true],
    ['the host gets no credentials', Object.assign(new Error('none'), { name: NO_CREDENTIALS }), true],
    ['the store of pieces hangs up', new PieceStoreError('It hung up.'), true],
    ['an encoder was killed', new HostUnfitError('ffmpeg was killed.'), true],
    ['there is a mistake in the code', new TypeError('x is undefined'), false],
    ['the input is broken', new OctetError('input_corrupt', 'It is broken.'), false],
  ])('or not, when %s', (_, error, isAsked) => {
    expect(isHostFailure(error)).toBe(isAsked);
  });

  it('when DynamoDB cannot be reached', async () => {
    const client = dynamoDbClient('http://127.0.0.1:9');
    expect(await worker.run({ jobs: new JobStore({ client, tableName }) })).toBe(EXIT.hostUnfit);
    expect(worker.log.join('')).toContain('ECONNREFUSED');
    client.destroy();
  });
});

describe('a job that ends while it is worked on', () => {
  it.each<[string, () => Reply]>([
    ['fails', () => status(404)],
    ['goes on', () => file(worker.clip)],
  ])('is left as it ended when the work %s', async (_, next) => {
    const endJob: Reply = (request, response) => {
      worker.store.jobs
        .end(worker.jobId, { status: 'error', error: failure, owesCallback: false, at })
        .then(() => next()(request, response));
    };
    worker.origin.routes['/in.mp4'] = [endJob, next()];
    expect(await worker.run()).toBe(EXIT.done);
    expect(await worker.job()).toMatchObject({ status: 'error', error: failure });
    expect(await worker.job()).not.toHaveProperty('outcome');
    expect(filesOf(worker.s3)).toEqual([]);
    expect(readdirSync(worker.scratchDir)).toEqual([]);
  });
});
