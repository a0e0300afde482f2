import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JobResource } from '../../domain/job/job-resource.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { CLIPS } from '../support/clips/clips.ts';
import { CountedFfmpeg } from './support/counted-ffmpeg.ts';
import { HeldInput } from './support/held-input.ts';
import { processesOf, type RunningProcess } from './support/processes.ts';
import { Service, waitFor } from './support/service.ts';

/** Where the parts begin of a clip of 12 s, in seconds. */
const STARTS = [0, 1.995, 3.995, 5.995, 7.995, 9.995];

let ffmpeg: CountedFfmpeg;
let service: Service;
let input: HeldInput;

beforeAll(async () => {
  ffmpeg = new CountedFfmpeg();
  const split = { OCTET_LOCAL_SPLIT: String(STARTS.length), OCTET_LOCAL_WORKERS: '2' };
  service = await Service.start({ environment: { ...split, ...ffmpeg.environment } });
});
afterAll(async () => {
  await service?.stop();
  ffmpeg.close();
});
beforeEach(async () => {
  input = await HeldInput.start(await clipPath('natural.mp4'));
});
afterEach(async () => {
  await input.close();
  ffmpeg.reset();
});

function create(): Promise<string> {
  const outputs = [{ codec: 'h264', resolution: '160x90', preset: 'hp', dest_path: 'out.mp4' }];
  return service.create({ input: { url: input.url }, outputs });
}

/** The worker that does a part of a job, while it runs. */
function workerOf(jobId: string, words: string): RunningProcess {
  const worker = processesOf(jobId).find(
    ({ command, environment }) => command.includes('worker.mjs') && environment.includes(words),
  );
  if (worker === undefined) throw new Error('It does not run.');
  return worker;
}

const partOf = (jobId: string, index: number) => workerOf(jobId, `AWS_BATCH_JOB_ARRAY_INDEX=${index} `);

async function wholeAfterAll(jobId: string): Promise<JobResource> {
  const job = await service.completed(jobId);
  expect(job.outputs).toMatchObject([{ frames: CLIPS['natural.mp4'].facts.frames }]);
  expect(processesOf(jobId)).toEqual([]);
  return job;
}

it('encodes a part again whose worker was killed in the middle of it, and no other', async () => {
  const jobId = await create();
  // One of the first two that need the half of the input that is held back.
  const lost = 2;
  await waitFor(() => expect(ffmpeg.encodes).toContain(STARTS[lost]));
  process.kill(partOf(jobId, lost).pid, 'SIGKILL');
  input.release();
  await wholeAfterAll(jobId);
  expect(ffmpeg.encodes).toEqual(STARTS.toSpliced(lost, 0, STARTS[lost] ?? 0));
});

it('encodes nothing again when the worker is killed that packages', async () => {
  input.release();
  ffmpeg.holdChecks();
  const jobId = await create();
  const isChecking = ({ command, environment }: RunningProcess) =>
    command.includes(ffmpeg.path) && environment.includes('OCTET_JOB_ID');
  await waitFor(() => {
    const worker = workerOf(jobId, 'OCTET_STEP=package ');
    expect(processesOf(jobId).some(isChecking)).toBe(true);
    process.kill(worker.pid, 'SIGKILL');
  });
  ffmpeg.releaseChecks();
  await wholeAfterAll(jobId);
  expect(ffmpeg.encodes).toEqual(STARTS);
});

it('completes although a third of its workers is lost, each at another time', async () => {
  input.release();
  const lost = [1, 4];
  for (const part of lost) ffmpeg.loseOnce(STARTS[part] ?? 0);
  const jobId = await create();
  for (const part of lost) {
    await waitFor(() => {
      expect(ffmpeg.encodes).toContain(STARTS[part]);
      process.kill(partOf(jobId, part).pid, 'SIGKILL');
    });
  }
  await wholeAfterAll(jobId);
  const again = lost.map((part) => STARTS[part] ?? 0);
  expect(ffmpeg.encodes).toEqual([...STARTS, ...again].sort((a, b) => a - b));
});
