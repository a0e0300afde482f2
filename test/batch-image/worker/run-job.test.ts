import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToolPaths } from '../../../batch-image/worker/env.ts';
import { HostUnfitError, isHostFailure } from '../../../batch-image/worker/host-unfit-error.ts';
import { runJob } from '../../../batch-image/worker/run-job.ts';
import { EXIT } from '../../../domain/batch/exit-codes.ts';
import { OctetError } from '../../../domain/errors.ts';
import type { NewJobRecord, Outcome } from '../../../domain/job/job-record.ts';
import { DEFAULT_INPUT_LIMITS, type InputLimits } from '../../../domain/media/input-limits.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { JobStore } from '../../../services/job-store/job-store.ts';
import { SecretBox } from '../../../services/secrets/secret-box.ts';
import { Bucket, filesOf, read, useS3 } from '../../local/s3/harness.ts';
import { creds, destinationAt } from '../../services/destination/destinations.ts';
import { file, type Origin, type Reply, status, useOrigins } from '../../services/origin.ts';
import { makeClip } from '../../support/ffmpeg.ts';
import { dynamoDbClient, tableName, useJobStore } from '../../support/job-store.ts';
import { failure, newJob, success } from '../../support/jobs.ts';
import { requestWith } from '../../support/requests.ts';
import { keyId, useSecretBox } from '../../support/secret-box.ts';
import { forever, usePrograms } from './programs.ts';

const store = useJobStore();
const kms = useSecretBox();
const s3 = useS3();
const startOrigin = useOrigins();
const program = usePrograms();
const at = new Date('2026-01-01T00:00:01.000Z');
const found = findFfmpeg(process.env);
const realTools: ToolPaths = { ...found, environment: { ...process.env, ...found.environment } };
/** What is not to be started at all. */
const noTools: ToolPaths = { ffmpeg: '/no/such/ffmpeg', ffprobe: '/no/such/ffprobe', environment: {} };
let clip: Buffer;
let origin: Origin;
let scratchDir: string;
let jobId: string;
let log: string[];

beforeAll(async () => {
  clip = await makeClip('clip.mp4', '-f lavfi -i testsrc2=size=320x180:rate=25:duration=1 -c:v libx264');
});
beforeEach(async () => {
  origin = await startOrigin({ '/in.mp4': file(clip) });
  scratchDir = mkdtempSync(join(tmpdir(), 'octet-scratch-'));
  log = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  await create();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(scratchDir, { recursive: true });
});

async function create(fields: Partial<NewJobRecord> = {}): Promise<void> {
  const { outputs } = parseJobRequest(
    JSON.stringify(requestWith({ outputs: [{ resolution: '160x90', preset: 'hp', cq: 30 }] })),
  );
  const job = newJob({ outputs: [...outputs], destination: destinationAt(s3.server.url), ...fields });
  jobId = job.job_id;
  const secrets = { input_url: `${origin.at('/in.mp4')}?X-Amz-Signature=hush`, credentials: creds };
  const sealed_work = await kms.box.seal(jobId, 'work', secrets);
  await store.jobs.create({ ...job, sealed_work, ...fields });
}

async function job() {
  return (await store.jobs.load(jobId))?.job;
}

interface Overrides {
  readonly tools?: ToolPaths;
  readonly signal?: AbortSignal;
  readonly jobs?: JobStore;
  readonly secrets?: SecretBox;
  readonly inputLimits?: InputLimits;
}

function run({
  tools = realTools,
  signal = new AbortController().signal,
  jobs = store.jobs,
  secrets = kms.box,
  inputLimits = DEFAULT_INPUT_LIMITS,
}: Overrides = {}) {
  const settings = {
    step: 'whole' as const,
    child: 0,
    scratchBucket: 'scratch',
    isGpuRequired: false,
    inputLimits,
    retentionDays: undefined,
    jobId,
    batchJobId: 'b-1',
    tableName,
    keyId,
    allowPrivateHosts: true,
    scratchDir,
  };
  return runJob({ environment: { ...settings, tools }, jobs, secrets, scratch: new S3Client() }, signal);
}

describe('there is nothing to do', () => {
  it('for a job that is not there', async () => {
    jobId = 'none';
    expect(await run({ tools: noTools })).toBe(EXIT.done);
    expect(await store.itemsOf('none')).toEqual([]);
  });

  it.each(['complete', 'error'] as const)('for a job that is %s', async (end) => {
    await store.jobs.end(jobId, { status: end, owesCallback: false, at });
    const before = await job();
    expect(await run({ tools: noTools })).toBe(EXIT.done);
    expect(await job()).toEqual(before);
  });

  it.each<[string, Outcome, number]>([
    ['delivered everything', success, EXIT.done],
    ['failed', { error: failure }, EXIT.jobFailed],
    ['failed in part', { outputs: [{ status: 'error', error: failure }] }, EXIT.jobFailed],
  ])('but to end as an earlier attempt would have that %s', async (_, outcome, exitCode) => {
    await store.jobs.recordOutcome(jobId, outcome, at);
    expect(await run({ tools: noTools })).toBe(exitCode);
    expect(await job()).toMatchObject({ outcome });
  });

  it('for a job that another Batch job has taken on', async () => {
    await store.jobs.claim(jobId, 'b-2');
    const before = await job();
    expect(await run()).toBe(EXIT.done);
    expect(await job()).toEqual(before);
    expect(origin.requests).toEqual([]);
  });
});

describe('a job is done', () => {
  it('by the file at its destination, and leaves nothing on the machine', async () => {
    const leftover = join(scratchDir, `${jobId}-whole-0`, 'of-a-killed-attempt');
    mkdirSync(leftover, { recursive: true });
    expect(await run()).toBe(EXIT.done);
    const url = `${s3.server.url}/${Bucket}/video_0.mp4`;
    expect(await job()).toMatchObject({
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
    expect(await store.jobs.load(jobId)).toMatchObject({ encoded: expect.any(Number), packaged: 1 });
    expect(await read(s3, 'video_0.mp4')).toContain('ftyp');
    expect(readdirSync(scratchDir)).toEqual([]);
    expect(log.join('')).toBe('');
  });

  it('again by a later attempt of the same Batch job', async () => {
    await store.jobs.claim(jobId, 'b-1');
    await store.jobs.advance(jobId, 'packaging_in_progress', at);
    expect(await run()).toBe(EXIT.done);
    expect(await job()).toMatchObject({ status: 'packaging_in_progress', outcome: { outputs: [{}] } });
  });
});

it('is done anew, and once, when its worker was killed between uploading its files and writing that down', async () => {
  const dying = Object.assign(new JobStore({ client: store.client, tableName }), {
    recordOutcome: () => new Promise<never>(() => {}),
  });
  void run({ jobs: dying });
  await vi.waitFor(async () => expect((await store.jobs.load(jobId))?.packaged).toBe(1), 20_000);
  const before = filesOf(s3);
  expect(before).not.toEqual([]);
  expect(await job()).not.toHaveProperty('outcome');
  expect(await run()).toBe(EXIT.done);
  expect(filesOf(s3)).toEqual(before);
  expect(await job()).toMatchObject({ outcome: { outputs: [{ status: 'complete' }] } });
});

describe('a failure is written down', () => {
  it('of the input', async () => {
    origin.routes['/in.mp4'] = status(404);
    expect(await run()).toBe(EXIT.jobFailed);
    expect(await job()).toMatchObject({
      status: 'encode_in_progress',
      outcome: { error: { code: 'input_unreachable', message: expect.stringContaining('answered 404') } },
    });
    expect(log.join('')).toContain(jobId);
    expect(log.join('')).not.toContain('hush');
  });

  it('of every output at the destination', async () => {
    await create({ destination: destinationAt(s3.server.url, { bucket: 'nowhere' }) });
    expect(await run()).toBe(EXIT.jobFailed);
    const error = { code: 'destination_denied', message: expect.stringContaining('no bucket nowhere') };
    expect(await job()).toMatchObject({ outcome: { outputs: [{ status: 'error', error }] } });
    expect(filesOf(s3)).toEqual([]);
  });

  it('that nobody has foreseen, without its inside', async () => {
    await create({ sealed_work: 'broken' });
    expect(await run()).toBe(EXIT.jobFailed);
    expect(await job()).toMatchObject({
      outcome: {
        error: { code: 'internal', message: 'An unexpected error ended the job; its log has the details.' },
      },
    });
    expect(log.join('')).toContain('ValiError');
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
    expect(await run({ inputLimits })).toBe(EXIT.jobFailed);
    expect(await job()).toMatchObject({
      outcome: { error: { code: 'input_unsupported', message: expect.stringMatching(message) } },
    });
  });
});

describe('another attempt is asked for', () => {
  it('when no encoder works on the host, which then has not taken the job on', async () => {
    expect(await run({ tools: noTools })).toBe(EXIT.hostUnfit);
    expect(await job()).not.toHaveProperty('claimed_by');
    expect(await job()).not.toHaveProperty('outcome');
    expect(log.join('')).toContain('No encoder works on this host');
  });

  it('when the worker is told to end', async () => {
    const started = join(scratchDir, 'started');
    const code = `require('fs').writeFileSync(${JSON.stringify(started)}, ''); ${forever}`;
    const abort = new AbortController();
    const running = run({ tools: { ...noTools, ffmpeg: program(code) }, signal: abort.signal });
    await vi.waitFor(() => expect(existsSync(started)).toBe(true), 10_000);
    abort.abort(new Error('enough'));
    expect(await running).toBe(EXIT.hostUnfit);
    expect(await job()).not.toHaveProperty('outcome');
    expect(log).toEqual([]);
  });

  it('when KMS cannot be reached, although the job has been taken on', async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new KMSClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    expect(await run({ secrets: new SecretBox({ client, keyId }) })).toBe(EXIT.hostUnfit);
    expect(await job()).not.toHaveProperty('outcome');
    client.destroy();
  });

  it.each([
    ['the disk is full', Object.assign(new Error('write'), { code: 'ENOSPC', errno: -28 }), true],
    ['AWS does not answer', Object.assign(new Error('busy'), { $metadata: { attempts: 3 } }), true],
    ['an encoder was killed', new HostUnfitError('ffmpeg was killed.'), true],
    ['there is a mistake in the code', new TypeError('x is undefined'), false],
    ['the input is broken', new OctetError('input_corrupt', 'It is broken.'), false],
  ])('or not, when %s', (_, error, isAsked) => {
    expect(isHostFailure(error)).toBe(isAsked);
  });

  it('when DynamoDB cannot be reached', async () => {
    const client = dynamoDbClient('http://127.0.0.1:9');
    expect(await run({ jobs: new JobStore({ client, tableName }) })).toBe(EXIT.hostUnfit);
    expect(log.join('')).toContain('ECONNREFUSED');
    client.destroy();
  });
});

describe('a job that ends while it is worked on', () => {
  it.each<[string, () => Reply]>([
    ['fails', () => status(404)],
    ['goes on', () => file(clip)],
  ])('is left as it ended when the work %s', async (_, next) => {
    const endJob: Reply = (request, response) => {
      store.jobs
        .end(jobId, { status: 'error', error: failure, owesCallback: false, at })
        .then(() => next()(request, response));
    };
    origin.routes['/in.mp4'] = [endJob, next()];
    expect(await run()).toBe(EXIT.done);
    expect(await job()).toMatchObject({ status: 'error', error: failure });
    expect(await job()).not.toHaveProperty('outcome');
    expect(filesOf(s3)).toEqual([]);
    expect(readdirSync(scratchDir)).toEqual([]);
  });
});
