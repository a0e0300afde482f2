import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { CALLBACK_ATTEMPTS } from '../../domain/callback/schedule.ts';
import type { LocalServer } from '../../local/http-server.ts';
import { startSecretsManager } from '../../local/secretsmanager/server.ts';
import { WebhookSecrets } from '../../services/callbacks/webhook-secrets.ts';
import { type DeliverCallbackServices, deliverCallback } from '../../services/deliver-callback.ts';
import { useJobStore } from '../support/job-store.ts';
import { newJob } from '../support/jobs.ts';
import { useSecretBox } from '../support/secret-box.ts';
import { hang, type Origin, type Reply, status, useOrigins } from './origin.ts';

const store = useJobStore();
const kms = useSecretBox();
const startOrigin = useOrigins();
const secret = `whsec_${Buffer.alloc(32, 'secret').toString('base64')}`;
let server: LocalServer;
let client: SecretsManagerClient;
let origin: Origin;
let services: DeliverCallbackServices;

beforeAll(async () => {
  server = await startSecretsManager({ secrets: { signing: { current: secret } } });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SecretsManagerClient({ endpoint: server.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client.destroy();
  await server.close();
});
beforeEach(async () => {
  origin = await startOrigin({});
  services = {
    jobs: store.jobs,
    secrets: kms.box,
    webhookSecrets: new WebhookSecrets({ client, secretId: 'signing' }),
    addresses: { allowPrivateHosts: true },
  };
});

/** A job that has ended, and whose callback is to be delivered to an origin that replies like this. */
async function endedJob(reply: Reply | Reply[]): Promise<string> {
  origin.routes['/callback'] = reply;
  const job = newJob({ callback_status: 'queued' });
  const sealed_callback = await kms.box.seal(job.job_id, 'callback', { url: origin.at('/callback') });
  await store.jobs.create({ ...job, sealed_callback });
  await store.jobs.end(job.job_id, { status: 'complete', owesCallback: false, at: new Date() });
  return job.job_id;
}

async function stateOf(jobId: string) {
  const snapshot = await store.jobs.load(jobId);
  return { status: snapshot?.job.callback_status, attempts: snapshot?.callbacks.length };
}

it('is done with what was delivered, and leaves it alone when it is told again', async () => {
  const jobId = await endedJob(status(204));
  for (let time = 1; time <= 2; time++)
    expect(await deliverCallback(services, jobId)).toEqual({ done: true });
  expect(await stateOf(jobId)).toEqual({ status: 'delivered', attempts: 1 });
  expect(origin.requests).toHaveLength(1);
});

it('is done with a receiver that is gone for good', async () => {
  const jobId = await endedJob(status(410));
  for (let time = 1; time <= 2; time++)
    expect(await deliverCallback(services, jobId)).toEqual({ done: true });
  expect(await stateOf(jobId)).toEqual({ status: 'failed', attempts: 1 });
});

it.each<[string, Reply, number, number]>([
  ['a receiver that fails', status(500), 4, 6],
  ['one that asks for an hour', status(503, { 'retry-after': '3600' }), 3600, 3600],
  ['one that asks for less than the schedule', status(503, { 'retry-after': '1' }), 4, 6],
])('tries %s again later', async (_, reply, least, most) => {
  const jobId = await endedJob(reply);
  const result = await deliverCallback(services, jobId);
  if (result.done) throw new Error('It is done.');
  expect(result.retryIn).toBeGreaterThanOrEqual(least);
  expect(result.retryIn).toBeLessThanOrEqual(most);
  expect(await stateOf(jobId)).toEqual({ status: 'queued', attempts: 1 });
});

it('waits longer after each attempt, and leaves the last one to the dead-letter queue', async () => {
  const jobId = await endedJob(status(500));
  const waits: number[] = [];
  for (let attempt = 1; attempt <= CALLBACK_ATTEMPTS; attempt++) {
    expect((await stateOf(jobId)).status).toBe('queued');
    const result = await deliverCallback(services, jobId);
    waits.push(result.done ? 0 : result.retryIn);
  }
  expect(waits.slice(0, 6)).toEqual(waits.slice(0, 6).toSorted((a, b) => a - b));
  expect(waits.every((wait) => wait > 0)).toBe(true);
  expect(await stateOf(jobId)).toEqual({ status: 'queued', attempts: CALLBACK_ATTEMPTS });
  // Somebody has put it back from there.
  expect(await deliverCallback(services, jobId)).toMatchObject({ done: false });
});

it('has nothing to do for a job that is gone, or that asked for no callback', async () => {
  const silent = newJob();
  await store.jobs.create(silent);
  for (const jobId of [silent.job_id, newJob().job_id]) {
    expect(await deliverCallback(services, jobId)).toEqual({ done: true });
  }
});

it('fails, and so comes again, when the job has not ended', async () => {
  const job = newJob({ callback_status: 'queued' });
  await store.jobs.create(job);
  await expect(deliverCallback(services, job.job_id)).rejects.toThrow('before the job has ended');
});

it('leaves a callback delivered when a slower attempt of it fails', async () => {
  const jobId = await endedJob([hang, status(204)]);
  const slow = deliverCallback(services, jobId);
  await expect.poll(() => origin.requests.length).toBe(1);
  expect(await deliverCallback(services, jobId)).toEqual({ done: true });
  await origin.close();
  expect(await slow).toMatchObject({ done: false });
  expect(await stateOf(jobId)).toMatchObject({ status: 'delivered' });
});
