import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JobResource } from '../../domain/job/job-resource.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { HeldInput } from './support/held-input.ts';
import { watch } from './support/polling.ts';
import {
  encoderOf,
  processesIn,
  processesOf,
  type RunningProcess,
  stillRunning,
  workerOf,
} from './support/processes.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { Service, waitFor } from './support/service.ts';
import { destinationAt, startStore } from './support/store.ts';

let service: Service;
let input: HeldInput;
let receiver: Receiver;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());
beforeEach(async () => {
  [input, receiver] = await Promise.all([HeldInput.start(await clipPath('natural.mp4')), startReceiver()]);
});
afterEach(async () => {
  await Promise.all([input.close(), receiver.close()]);
});

const outputTo = (dest_path: string) => ({ codec: 'h264', resolution: '160x90', preset: 'hp', dest_path });

function create(more: object = {}): Promise<string> {
  const outputs = [outputTo('out.mp4')];
  return service.create({ input: { url: input.url }, outputs, callback: receiver.url, ...more });
}

/** Waits until a job's ffmpeg is at work, and cannot come to its end since the input is held. */
async function inMidEncode(jobId: string, before?: RunningProcess): Promise<RunningProcess> {
  return waitFor(() => {
    expect(scratchFiles()).toContain('0-0.mp4');
    const encoder = encoderOf(jobId);
    if (encoder === undefined || encoder.pid === before?.pid) throw new Error('There is no encoder yet.');
    return encoder;
  });
}

/** The files that workers have in their folders now. */
function scratchFiles(): string[] {
  const folder = join(service.dataDir, 'scratch');
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

function kill(process: RunningProcess | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (process === undefined) throw new Error('It does not run.');
  globalThis.process.kill(process.pid, signal);
}

/** Waits until a job has ended and its callback has come, which comes once. */
async function endedAndToldOnce(jobId: string): Promise<JobResource> {
  const job = await service.ended(jobId);
  await waitFor(async () => expect((await service.job(jobId)).callbacks.at(-1)?.status).toBe(204));
  const told = receiver.callbacks.filter(({ body }) => body.includes(jobId));
  expect(told.map(({ body }) => JSON.parse(body).status)).toEqual([job.status]);
  expect(processesOf(jobId)).toEqual([]);
  expect(scratchFiles()).toEqual([]);
  return job;
}

it('tries again when a worker is killed, and its percentages never fall', async () => {
  const jobId = await create({ outputs: [{ ...outputTo('slow.mp4'), resolution: '-1x-1', preset: 'slow' }] });
  const watched = watch(service, jobId, 100);
  const before = await inMidEncode(jobId);
  await waitFor(async () => expect((await service.job(jobId)).encode_completion_pct).toBeGreaterThan(0));
  kill(workerOf(jobId));
  await inMidEncode(jobId, before);
  input.release();
  expect(await endedAndToldOnce(jobId)).toMatchObject({ status: 'complete' });
  const percentages = (await watched).map((job) => job.encode_completion_pct);
  expect(percentages).toEqual(percentages.toSorted((a, b) => a - b));
});

it.each([
  ['its worker', workerOf],
  ['its ffmpeg', encoderOf],
])('blames the host when %s is killed at every attempt', async (_, victim) => {
  const jobId = await create();
  let before: RunningProcess | undefined;
  for (let attempt = 1; attempt <= 3; attempt++) {
    before = await inMidEncode(jobId, before);
    kill(victim(jobId));
  }
  const { status, error, outputs } = await endedAndToldOnce(jobId);
  const message =
    'The machine that ran the job failed (tried 3 times), as when memory or disk space is short; send the job again, and with fewer or smaller outputs if that does not help.';
  expect({ status, error }).toEqual({
    status: 'error',
    error: { code: 'infrastructure', message, retryable: true },
  });
  expect(outputs).toMatchObject([{ status: 'error', error: { code: 'infrastructure' } }]);
});

it('tries again when ffmpeg is killed, as by a host that is short of memory', async () => {
  const jobId = await create();
  const before = await inMidEncode(jobId);
  kill(before);
  await inMidEncode(jobId, before);
  input.release();
  expect(await endedAndToldOnce(jobId)).toMatchObject({ status: 'complete' });
});

it('ends a worker and its ffmpeg when the host asks for it, and tries again', async () => {
  const jobId = await create();
  const before = await inMidEncode(jobId);
  const attempt = processesOf(jobId);
  kill(workerOf(jobId), 'SIGTERM');
  await waitFor(() => expect(stillRunning(attempt)).toEqual([]), 2000);
  await inMidEncode(jobId, before);
  expect(readdirSync(join(service.dataDir, 'scratch'))).toHaveLength(1);
  input.release();
  expect(await endedAndToldOnce(jobId)).toMatchObject({ status: 'complete' });
});

it('waits for an input whose server is away for a while', async () => {
  const jobId = await create();
  await inMidEncode(jobId);
  await input.vanish();
  // The outage itself, in which the worker tries several times.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await input.comeBack();
  input.release();
  expect(await endedAndToldOnce(jobId)).toMatchObject({ status: 'complete' });
});

it('refuses an input that becomes another while it is read', async () => {
  const jobId = await create();
  await inMidEncode(jobId);
  input.change();
  expect(await endedAndToldOnce(jobId)).toMatchObject({
    status: 'error',
    error: {
      code: 'input_changed',
      message: `${input.url} changed while it was read: send the job again once the file stays as it is.`,
    },
  });
});

const creds = { access_key_id: 'AKIASOMEBODY', secret_access_key: 'whatever' };
const denied = {
  code: 'destination_denied',
  message:
    'The credentials may not write to the bucket renditions; allow them s3:PutObject on the keys of dest_path.',
};

it('ends as denied when the destination has changed its mind', async () => {
  const store = await startStore();
  const jobId = await create({ destination: destinationAt(store, creds) });
  await inMidEncode(jobId);
  store.deny(() => true);
  input.release();
  const job = await endedAndToldOnce(jobId);
  expect(job).toMatchObject({
    status: 'error',
    error: denied,
    outputs: [{ status: 'error', error: denied }],
  });
  expect(store.keys).toEqual([]);
  await store.close();
});

it('delivers the siblings of an output that cannot be delivered', async () => {
  const store = await startStore();
  store.deny((key) => key === 'second.mp4');
  const outputs = ['first.mp4', 'second.mp4', 'third.mp4'].map(outputTo);
  const jobId = await create({ outputs, destination: destinationAt(store, creds) });
  input.release();
  const job = await endedAndToldOnce(jobId);
  expect(job).toMatchObject({
    status: 'error',
    error: { code: 'destination_denied', message: `1 of 3 outputs failed; the first: ${denied.message}` },
    outputs: [
      { dest_path: 'first.mp4', status: 'complete', url: expect.stringContaining('first.mp4') },
      { dest_path: 'second.mp4', status: 'error', error: denied },
      { dest_path: 'third.mp4', status: 'complete' },
    ],
  });
  expect(store.keys).toEqual(['first.mp4', 'third.mp4']);
  await store.close();
});

/** Starts a service anew on the folder of the one that has ended. */
async function startAgain(): Promise<void> {
  service = await Service.start({ dataDir: service.dataDir });
}

it('takes up all jobs again when the service was killed', async () => {
  const done = await create({ outputs: [outputTo('done.mp4')], input: { url: await natural() } });
  await endedAndToldOnce(done);
  const jobIds = [await create(), await create({ outputs: [outputTo('queued.mp4')] })];
  const [running = ''] = jobIds;
  await inMidEncode(running);
  const before = [await service.job(done), processesIn(service)] as const;
  await service.kill();
  await startAgain();
  expect(await service.job(done)).toEqual(before[0]);
  expect(stillRunning(before[1])).toEqual([]);
  input.release();
  for (const jobId of jobIds) expect(await endedAndToldOnce(jobId)).toMatchObject({ status: 'complete' });
  expect(receiver.callbacks).toHaveLength(3);
});

it('sends a callback that it owed when it was killed', async () => {
  const url = receiver.url;
  await receiver.close();
  const jobId = await create({ callback: url });
  input.release();
  await waitFor(async () => expect((await service.job(jobId)).callbacks).toHaveLength(1));
  await service.kill();
  receiver = await startReceiver({ port: receiver.port });
  await startAgain();
  expect(await endedAndToldOnce(jobId)).toMatchObject({ status: 'complete' });
});

it('ends within seconds, with all that it has started, and goes on at the next start', async () => {
  const jobId = await create();
  await inMidEncode(jobId);
  // Until then it makes its sample clip.
  await waitFor(() => expect(service.output).toContain('Octet is ready'));
  const family = processesIn(service);
  // The service, its S3, the worker and ffmpeg.
  expect(family).toHaveLength(4);
  await service.stop({ keepData: true });
  expect(stillRunning(family)).toEqual([]);
  expect(scratchFiles()).toEqual([]);
  await startAgain();
  input.release();
  expect(await endedAndToldOnce(jobId)).toMatchObject({ status: 'complete' });
});

async function natural(): Promise<string> {
  return service.publish(await clipPath('natural.mp4'));
}
