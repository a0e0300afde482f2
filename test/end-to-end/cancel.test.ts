import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { clipPath } from '../support/clips/clip-path.ts';
import { HeldInput } from './support/held-input.ts';
import { encoderOf, processesOf } from './support/processes.ts';
import { type Receiver, startReceiver, verified } from './support/receiver.ts';
import { Service, waitFor } from './support/service.ts';

let service: Service;
let receiver: Receiver;
let input: HeldInput;

beforeAll(async () => {
  // One job runs, and the others wait.
  service = await Service.start({ environment: { OCTET_LOCAL_WORKERS: '1' } });
});
afterAll(() => service?.stop());
beforeEach(async () => {
  [input, receiver] = await Promise.all([HeldInput.start(await clipPath('natural.mp4')), startReceiver()]);
});
afterEach(async () => {
  await Promise.all([input.close(), receiver.close()]);
});

const create = (dest_path: string) =>
  service.create({
    input: { url: input.url },
    outputs: [{ codec: 'h264', resolution: '160x90', preset: 'hp', dest_path }],
    callback: receiver.url,
  });
const cancel = (jobId: string) => service.call('POST', `/v0/jobs/${jobId}/cancel`);
const isCancelled = { status: 'error', error: { code: 'cancelled', message: 'The job was cancelled.' } };

/** Its owner hears of it, and nothing is left that works on it. */
async function expectToldAndGone(jobId: string): Promise<void> {
  const callback = await waitFor(() => {
    const found = receiver.callbacks.find(({ body }) => body.includes(jobId));
    if (found === undefined) throw new Error('The callback has not come yet.');
    return found;
  });
  const payload = { api_version: 'v0', job_id: jobId, status: 'error' };
  expect(verified(callback, service.endpoints.callback_secret)).toEqual(payload);
  await waitFor(() => expect(processesOf(jobId)).toEqual([]));
  expect(await service.job(jobId)).toMatchObject(isCancelled);
}

it('stops a job that runs and one that waits, and those behind them go on', async () => {
  const running = await create('running.mp4');
  await waitFor(() => expect(encoderOf(running)).toBeDefined());
  const [waiting, behind] = [await create('waiting.mp4'), await create('behind.mp4')];
  expect(await cancel(waiting)).toMatchObject({ status: 200, body: { job_id: waiting, ...isCancelled } });
  expect(await cancel(running)).toMatchObject({ status: 200, body: { job_id: running, ...isCancelled } });
  await expectToldAndGone(running);
  await expectToldAndGone(waiting);
  input.release();
  await service.completed(behind);
  for (const jobId of [running, behind]) {
    const { status } = await service.job(jobId);
    expect(await cancel(jobId)).toMatchObject({
      status: 409,
      body: { code: 'conflict', error: `The job has ended already: it is ${status}.` },
    });
  }
});
