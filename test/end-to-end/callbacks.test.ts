import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobResource } from '../../domain/job/job-resource.ts';
import { localAccount } from '../../local/arn.ts';
import { NAMES } from '../../local/resources.ts';
import { JobMessageQueue } from '../../services/job-message-queue.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { type Receiver, startReceiver, verified } from './support/receiver.ts';
import { Service, waitFor } from './support/service.ts';
import { anyKeys, endpointOf, itemsOf } from './support/table.ts';

let service: Service;
let whole: string;

beforeAll(async () => {
  service = await Service.start();
  whole = await service.publish(await clipPath('h264.mp4'));
});
afterAll(() => service?.stop());

const output = { codec: 'h264', resolution: '160x90', preset: 'hp', dest_path: 'out.mp4' };

function create(callback: unknown, url = whole): Promise<string> {
  return service.create({ input: { url }, outputs: [output], callback });
}

/** Waits until a job's callback has been tried so many times. */
function triedTimes(count: number, jobId: string): Promise<JobResource> {
  return waitFor(async () => {
    const job = await service.job(jobId);
    expect(job.callbacks).toHaveLength(count);
    return job;
  });
}

/** The callbacks of a receiver, as who holds the secret reads them. */
function read({ callbacks }: Receiver, secret = service.endpoints.callback_secret): unknown[] {
  return callbacks.map((callback) => verified(callback, secret));
}

it.each([
  ['complete', 'h264.mp4', undefined],
  ['error', 'truncated.mp4', 'input_corrupt'],
] as const)('tells of a job that ends as %s with exactly three fields', async (status, clip, code) => {
  const receiver = await startReceiver();
  const jobId = await create(`${receiver.url}/hook?token=1`, await service.publish(await clipPath(clip)));
  const job = await triedTimes(1, jobId);
  expect(job.error?.code).toBe(code);
  expect(read(receiver)).toEqual([{ api_version: 'v0', job_id: jobId, status }]);
  expect(receiver.callbacks).toMatchObject([
    { method: 'POST', url: '/hook?token=1', headers: { 'content-type': 'application/json' } },
  ]);
  expect(job.callbacks).toEqual([{ attempt: 1, at: expect.any(String), status: 204 }]);
  await receiver.close();
});

it("signs with the request's own secret, and tells all of the job, where it is asked to", async () => {
  const receiver = await startReceiver();
  const secret = `whsec_${Buffer.alloc(32, 'my own').toString('base64')}`;
  const jobId = await create({ url: receiver.url, secret, detail: 'full' });
  const job = await triedTimes(1, jobId);
  const [said] = read(receiver, secret);
  expect(said).toEqual({
    api_version: 'v0',
    job_id: jobId,
    status: 'complete',
    job: { ...job, callbacks: [] },
  });
  expect(() => read(receiver)).toThrow('No matching signature found');
  await receiver.close();
});

it('tries again what its receiver fails at, with the same id and a new time', async () => {
  const receiver = await startReceiver({ statuses: [500, 500] });
  const jobId = await create(receiver.url);
  await triedTimes(2, jobId);
  const timeOf = (index: number) => Number(receiver.callbacks[index]?.headers['webhook-timestamp']);
  await waitFor(() => expect(Math.floor(Date.now() / 1000)).toBeGreaterThan(timeOf(1)));
  await queueNow(jobId);
  const { callbacks } = await triedTimes(3, jobId);
  const error = 'The receiver answered 500, and only a 2xx counts.';
  expect(callbacks).toEqual([
    { attempt: 1, at: expect.any(String), status: 500, error },
    { attempt: 2, at: expect.any(String), status: 500, error },
    { attempt: 3, at: expect.any(String), status: 204 },
  ]);
  expect(read(receiver)).toHaveLength(3);
  expect(new Set(receiver.callbacks.map(({ id }) => id)).size).toBe(1);
  expect(timeOf(1)).toBeGreaterThan(timeOf(0));
  expect(timeOf(2)).toBeGreaterThan(timeOf(1));
  await receiver.close();
});

it('gives a receiver up that says that it is gone for good', async () => {
  const receiver = await startReceiver({ statuses: [410] });
  const jobId = await create(receiver.url);
  const { callbacks } = await triedTimes(1, jobId);
  expect(callbacks).toMatchObject([{ status: 410 }]);
  await waitFor(async () => expect(await itemsOf(service)).toContainEqual(givenUp(jobId)));
  await receiver.close();
});

it('does not follow redirects', async () => {
  const elsewhere = await startReceiver();
  const receiver = await startReceiver({ statuses: [307], headers: { location: elsewhere.url } });
  const { callbacks } = await triedTimes(1, await create(receiver.url));
  expect(callbacks).toMatchObject([
    {
      status: 307,
      error: 'The receiver answered 307, and redirects are not followed; give the URL that it leads to.',
    },
  ]);
  expect(elsewhere.callbacks).toEqual([]);
  await Promise.all([receiver.close(), elsewhere.close()]);
});

const givenUp = (job_id: string) => expect.objectContaining({ job_id, callback_status: 'failed' });

/** Brings the next attempt about, which is not due for five minutes, by one more message of the same job. */
async function queueNow(jobId: string): Promise<void> {
  const endpoint = endpointOf(service, 'sqs');
  const client = new SQSClient({ endpoint, ...anyKeys });
  const queueUrl = `${endpoint}/${localAccount}/${NAMES.callbackQueue}`;
  await new JobMessageQueue({ client, queueUrl }).send(jobId);
  client.destroy();
}
