import { expect, it, vi } from 'vitest';
import type { BatchStateChangeEvent } from '../../../local/batch/server.ts';
import { start, statusesOf, stop, submit, useBatch, waitFor, waitForStatus } from './harness.ts';

const harness = useBatch();

/** Restarts with another taker of events. */
async function restartWith(onEvent: (event: BatchStateChangeEvent) => Promise<void>) {
  await stop(harness, false);
  await start(harness, { onEvent });
}

it('sends the end of a job again after a restart when it was refused', async () => {
  await restartWith(async () => Promise.reject(new Error('nobody home')));
  const jobId = await submit(harness, '');
  await waitForStatus(harness, jobId, 'SUCCEEDED');
  await waitFor(() =>
    expect(harness.logged.join()).toContain(`SUCCEEDED of job ${jobId} was not taken: Error: nobody`),
  );
  await restartWith(async (event) => void harness.events.push(event));
  await waitFor(() => expect(statusesOf(harness, jobId)).toEqual(['SUCCEEDED']));
});

it('sends the end of a job again when the taker never got to answer', async () => {
  const jobId = await submit(harness, '');
  await waitFor(() => expect(statusesOf(harness, jobId).at(-1)).toBe('SUCCEEDED'));
  let release = () => {};
  const isHeld = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = vi.fn(() => isHeld);
  await restartWith(held);
  const next = await submit(harness, 'process.exit(1)');
  await waitForStatus(harness, next, 'FAILED');
  expect(held).toHaveBeenCalledTimes(1);
  const restarted = restartWith(async (event) => void harness.events.push(event));
  release();
  await restarted;
  await waitFor(() => expect(statusesOf(harness, next)).toEqual(['FAILED']));
});

it('sends the end of a job once when it was taken', async () => {
  const jobId = await submit(harness, '');
  await waitFor(() => expect(statusesOf(harness, jobId)).toHaveLength(5));
  await restartWith(async (event) => void harness.events.push(event));
  const next = await submit(harness, '');
  await waitFor(() => expect(statusesOf(harness, next)).toHaveLength(5));
  expect(statusesOf(harness, jobId)).toHaveLength(5);
});

it('sends nothing before the start has resolved', async () => {
  await restartWith(async () => Promise.reject(new Error('no')));
  const jobId = await submit(harness, '');
  await waitForStatus(harness, jobId, 'SUCCEEDED');
  let isStarted = false;
  const seen: boolean[] = [];
  await restartWith(async () => void seen.push(isStarted));
  isStarted = true;
  await waitFor(() => expect(seen).toEqual([true]));
});

it('a job goes on while a taker of its events is slow', async () => {
  await restartWith(() => new Promise((resolve) => setTimeout(resolve, 50)));
  await waitForStatus(harness, await submit(harness, ''), 'SUCCEEDED');
});
