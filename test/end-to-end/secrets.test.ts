import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { clipPath } from '../support/clips/clip-path.ts';
import { HeldInput } from './support/held-input.ts';
import { leaks } from './support/leaks.ts';
import { encoderOf } from './support/processes.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { type Answer, Service, waitFor } from './support/service.ts';
import { destinationAt, type Store, startStore } from './support/store.ts';
import { itemsOf } from './support/table.ts';

/** None of them is one of the deployment's own. */
const secrets = {
  'the access key id': 'AKIAWHOEVERREADSTHIS',
  'the secret access key': 'hush/Secret+Access/Key+Of/Somebody0123456',
  'the session token': 'FwoGZXIvYXdzEhush//session+token//of+somebody==',
  "the input's signature": '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  "the input's token": 'hush=token/of+the input',
  "the callback's secret": Buffer.from('hush, this signs callbacks').toString('base64'),
  "the callback's token": 'hush+token/of=the-callback',
} as const;

let service: Service;
let store: Store;
let receiver: Receiver;
let input: HeldInput;
let answers: Answer[];

beforeAll(async () => {
  [service, store, receiver] = await Promise.all([Service.start(), startStore(), startReceiver()]);
});
afterAll(async () => {
  await Promise.all([service?.stop(), store?.close(), receiver?.close()]);
});
beforeEach(async () => {
  answers = [];
  input = await HeldInput.start(await clipPath('natural.mp4'));
  return () => input.close();
});

const query = new URLSearchParams({
  'X-Amz-Signature': secrets["the input's signature"],
  token: secrets["the input's token"],
});

async function send(url: string, callbackUrl: string): Promise<Answer> {
  const token = encodeURIComponent(secrets["the callback's token"]);
  const creds = {
    access_key_id: secrets['the access key id'],
    secret_access_key: secrets['the secret access key'],
    session_token: secrets['the session token'],
  };
  const answer = await service.call('POST', '/v0/jobs/create', {
    input: { url: `${url}?${query}` },
    destination: destinationAt(store, creds),
    outputs: [{ codec: 'h264', resolution: '160x90', preset: 'hp', dest_path: 'out.mp4' }],
    callback: {
      url: `${callbackUrl}/?token=${token}`,
      secret: `whsec_${secrets["the callback's secret"]}`,
      detail: 'full',
    },
  });
  answers.push(answer);
  return answer;
}

async function create(callbackUrl = receiver.url): Promise<string> {
  const answer = await send(input.url, callbackUrl);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body.job_id;
}

/** Waits until a job has ended and its callback has been tried. */
async function ended(jobId: string): Promise<void> {
  await waitFor(async () => expect((await service.job(jobId)).callbacks).toHaveLength(1));
}

/** What can be read now of the secrets of a job. */
async function found(jobId?: string): Promise<string[]> {
  if (jobId !== undefined) answers.push(await service.call('GET', `/v0/jobs/${jobId}`));
  return leaks(service, secrets, answers);
}

/** Whether what only the worker must know is still kept, if encrypted. */
async function hasWorkSecrets(jobId: string): Promise<boolean> {
  const item = (await itemsOf(service)).find(({ job_id, sk }) => job_id === jobId && sk === 'job');
  if (item === undefined) throw new Error('There is no such job.');
  return item.sealed_work !== undefined;
}

it('shows no secret of a job that is queued, encoded, and complete', async () => {
  const jobId = await create();
  expect(await found(jobId)).toEqual([]);
  await waitFor(() => expect(encoderOf(jobId)).toBeDefined());
  expect(await found(jobId)).toEqual([]);
  expect(await hasWorkSecrets(jobId)).toBe(true);
  input.release();
  await ended(jobId);
  expect(receiver.callbacks.at(-1)?.body).toContain('"status":"complete"');
  answers.push({ status: 200, body: receiver.callbacks.map(({ body }) => body) });
  expect(await found(jobId)).toEqual([]);
  expect(await hasWorkSecrets(jobId)).toBe(false);
});

it('shows no secret of a job that failed, nor of one that is refused', async () => {
  const jobId = await create('http://127.0.0.1:1');
  await waitFor(() => expect(encoderOf(jobId)).toBeDefined());
  store.deny(() => true);
  input.release();
  await ended(jobId);
  expect((await service.job(jobId)).error?.code).toBe('destination_denied');
  expect(await found(jobId)).toEqual([]);
  expect(await hasWorkSecrets(jobId)).toBe(false);

  expect(await send('http://127.0.0.1:1/in.mp4', `http://${'a'.repeat(64)}.example`)).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'input.url' }, { path: 'destination' }, { path: 'callback' }] },
  });
  expect(await found()).toEqual([]);
});
