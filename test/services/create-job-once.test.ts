import { createHash } from 'node:crypto';
import { v4 as uuid } from 'uuid';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_INPUT_LIMITS } from '../../domain/media/input-limits.ts';
import { NAMES } from '../../local/resources.ts';
import { type CreateJobOnceServices, createJobOnce } from '../../services/create-job-once.ts';
import { type IdempotencyRecord, IdempotencyStore } from '../../services/job-store/idempotency-store.ts';
import { useBatch } from '../local/batch/harness.ts';
import { Bucket, useS3 } from '../local/s3/harness.ts';
import { batchQueue } from '../support/batch-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { makeClip } from '../support/ffmpeg.ts';
import { fleetWith } from '../support/fleet.ts';
import { tableName, useJobStore } from '../support/job-store.ts';
import { newJob } from '../support/jobs.ts';
import { requestWith } from '../support/requests.ts';
import { useSecretBox } from '../support/secret-box.ts';
import { creds } from './destination/destinations.ts';
import { file, type Origin, useOrigins } from './origin.ts';

const store = useJobStore();
const kms = useSecretBox();
const s3 = useS3();
const batch = useBatch();
const submissions = useCallbackQueue(NAMES.submissionQueue);
const startOrigin = useOrigins();
let clip: Buffer;
let origin: Origin;
let services: CreateJobOnceServices;
let key: string;

beforeAll(async () => {
  clip = await makeClip('clip.mp4', '-f lavfi -i testsrc2=size=64x36:rate=25:duration=0.2 -c:v libx264');
});
beforeEach(async () => {
  origin = await startOrigin({ '/in.mp4': file(clip) });
  key = uuid();
  services = {
    jobs: store.jobs,
    queue: batchQueue(batch.client),
    secrets: kms.box,
    submissions: submissions.queue,
    idempotency: new IdempotencyStore({ client: store.client, tableName }),
    addresses: { allowPrivateHosts: true },
    inputLimits: DEFAULT_INPUT_LIMITS,
    fleet: fleetWith(),
  };
});

const body = (words: object = {}) =>
  JSON.stringify(
    requestWith({
      input: { url: origin.at('/in.mp4') },
      destination: { provider: 's3', bucket: Bucket, endpoint: s3.server.url, creds },
      ...words,
    }),
  );

const send = (text = body(), tenant = 'alice') => createJobOnce(services, tenant, text, key);

it('answers the same to the same, and makes one job', async () => {
  const first = await send();
  expect(await send()).toEqual(first);
  expect(await store.jobs.load(first.job_id)).toBeDefined();
});

it("takes another tenant's key for another one", async () => {
  expect((await send(body(), 'bob')).job_id).not.toBe((await send()).job_id);
});

it('refuses the same key with another body', async () => {
  await send();
  await expect(send(body({ metadata: { title: 'Another' } }))).rejects.toMatchObject({
    code: 'idempotency_key_reused',
    status: 422,
  });
});

it('makes one job of many requests at once, of which the others are told to ask again', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => send()));
  const ids = new Set(answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value.job_id] : [])));
  expect(ids.size).toBe(1);
  for (const each of answers) {
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'conflict', status: 409 });
  }
});

it('forgets a request that was refused', async () => {
  origin.routes['/in.mp4'] = (_, response) => response.writeHead(404).end();
  await expect(send()).rejects.toMatchObject({ code: 'input_unreachable' });
  origin.routes['/in.mp4'] = file(clip);
  expect(await send()).toMatchObject({ job_id: expect.any(String) });
});

/** What is left of a request for `body()` that was not answered. */
async function leave(seconds: number, fields: Partial<IdempotencyRecord> = {}): Promise<string> {
  const body_hash = createHash('sha256').update(body()).digest('hex');
  const record = { body_hash, job_id: uuid(), begun_at: Date.now() - seconds * 1000, ...fields };
  await services.idempotency.put('alice', key, record);
  return record.job_id;
}

it('goes on with a request that was lost before its job was stored', async () => {
  const jobId = await leave(61);
  expect(await send()).toMatchObject({ job_id: jobId });
  expect(await store.jobs.load(jobId)).toBeDefined();
});

it('answers with the job of a request that was lost after it was stored', async () => {
  const job = newJob({ warnings: ['A warning.'] });
  await store.jobs.create(job);
  await leave(61, { job_id: job.job_id });
  expect(await send()).toEqual({ job_id: job.job_id, warnings: ['A warning.'] });
  expect((await store.jobs.load(job.job_id))?.job).not.toHaveProperty('batch_job_id');
});

it('makes no second job when the answer to the first could not be kept', async () => {
  const { idempotency } = services;
  const put: typeof idempotency.put = async (tenant, itsKey, record, before) => {
    if (record.answer !== undefined) throw new Error('DynamoDB is on holiday.');
    await idempotency.put(tenant, itsKey, record, before);
  };
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  services = {
    ...services,
    idempotency: Object.assign(new IdempotencyStore({ client: store.client, tableName }), { put }),
  };
  const first = await send();
  write.mockRestore();
  services = { ...services, idempotency };
  await expect(send()).rejects.toMatchObject({ code: 'conflict' });
  const known = await idempotency.find('alice', key, new Date());
  expect(known).toMatchObject({ job_id: first.job_id });
});

it('has one wait that comes while the first may still be answered', async () => {
  await leave(10);
  await expect(send()).rejects.toMatchObject({ code: 'conflict' });
});

it.each([
  [23, true],
  [25, false],
])('remembers a key for a day: after %d hours %s', async (hours, isKnown) => {
  const jobId = uuid();
  await leave(hours * 3600, { job_id: jobId, answer: { job_id: jobId, warnings: [] } });
  expect((await send()).job_id === jobId).toBe(isKnown);
});

it.each(['', ' ', 'a b', 'ü', 'x'.repeat(256)])('refuses the key %j', async (bad) => {
  key = bad;
  await expect(send()).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('Idempotency-Key must have 1 to 255'),
  });
});
