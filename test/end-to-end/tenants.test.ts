import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROUTES } from '../../domain/api-routes.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { type Answer, Service, waitFor } from './support/service.ts';

let service: Service;
let receiver: Receiver;
let jobId: string;
let request: object;

const alice = { 'x-api-key': 'alice' };
const bob = { 'x-api-key': 'bob' };

beforeAll(async () => {
  service = await Service.start({ environment: { OCTET_LOCAL_API_KEYS: 'alice,bob' } });
  receiver = await startReceiver();
  request = {
    input: { url: await service.publish(await clipPath('h264.mp4')) },
    destination: service.destination(),
    outputs: [{ codec: 'h264', resolution: '64x36', preset: 'hp', dest_path: 'tenants/out.mp4' }],
    callback: receiver.url,
  };
  const answer = await create(alice);
  expect(answer.status).toBe(200);
  jobId = answer.body.job_id;
  await waitFor(async () => expect((await jobOf(alice)).body.status).toBe('complete'));
  await waitFor(() => expect(receiver.callbacks).toHaveLength(1));
});
afterAll(async () => {
  await Promise.all([service?.stop(), receiver?.close()]);
});

function create(headers: Record<string, string>, key?: string): Promise<Answer> {
  const withKey = { ...headers, ...(key !== undefined && { 'idempotency-key': key }) };
  return service.call('POST', '/v0/jobs/create', request, withKey);
}

const jobOf = (headers: Record<string, string>) =>
  service.call('GET', `/v0/jobs/${jobId}`, undefined, headers);

/** Every call that is about one job. */
const routesOfAJob = API_ROUTES.filter(({ path }) => path.includes('{job_id}'));

describe('of two keys', () => {
  it.each(routesOfAJob)("neither finds the other's job: $method $path", async ({ method, path }) => {
    const answer = await service.call(method, path.replace('{job_id}', jobId), undefined, bob);
    expect(answer).toMatchObject({
      status: 404,
      body: { code: 'not_found', error: `There is no job ${jobId}.` },
    });
    expect((await jobOf(alice)).body).toMatchObject({ status: 'complete', callbacks: [{ attempt: 1 }] });
  });

  it("neither lists the other's jobs, nor goes on behind one of them", async () => {
    expect((await service.call('GET', '/v0/jobs', undefined, bob)).body).toEqual({ jobs: [] });
    const cursor = Buffer.from(jobId).toString('base64url');
    expect((await service.call('GET', `/v0/jobs?cursor=${cursor}`, undefined, bob)).body).toEqual({
      jobs: [],
    });
    const { body } = await service.call('GET', '/v0/jobs', undefined, alice);
    expect(body.jobs.map(({ job_id }: { job_id: string }) => job_id)).toContain(jobId);
  });

  it('each has its own idempotency keys', async () => {
    const [first, again, other] = [
      await create(alice, 'k'),
      await create(alice, 'k'),
      await create(bob, 'k'),
    ];
    expect(first.status).toBe(200);
    expect(again).toEqual(first);
    expect(other.body.job_id).not.toBe(first.body.job_id);
  });

  it.each(API_ROUTES)('both are needed: nobody may $method $path without one', async ({ method, path }) => {
    const others: Record<string, string>[] = [{}, { 'x-api-key': 'carol' }];
    for (const headers of others) {
      const answer = await service.call(method, path.replace('{job_id}', jobId), undefined, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });
});

it('delivers a callback again when its owner asks for it, under the same id', async () => {
  const before = receiver.callbacks.length;
  const path = `/v0/jobs/${jobId}/callbacks/redeliver`;
  expect(await service.call('POST', path, undefined, alice)).toMatchObject({ status: 200 });
  const [first, again] = await waitFor(() => {
    const own = receiver.callbacks.filter(({ body }) => body.includes(jobId));
    expect(own).toHaveLength(2);
    return own;
  });
  expect(receiver.callbacks.length).toBeGreaterThan(before);
  expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
});
