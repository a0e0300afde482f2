import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LostRaceError } from '../../domain/errors.ts';
import { DEFAULT_INPUT_LIMITS } from '../../domain/media/input-limits.ts';
import { NAMES } from '../../local/resources.ts';
import type { SubmittedJob } from '../../services/batch.ts';
import { type CreateJobServices, createJob } from '../../services/create-job.ts';
import { JobMessageQueue } from '../../services/job-message-queue.ts';
import { JobStore } from '../../services/job-store/job-store.ts';
import { reconcileJobs } from '../../services/reconcile-jobs.ts';
import { settleJob } from '../../services/settle-job.ts';
import { submitJob } from '../../services/submit-job.ts';
import { useBatch } from '../local/batch/harness.ts';
import { Bucket, useS3 } from '../local/s3/harness.ts';
import { batchQueue, unusedQueue } from '../support/batch-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { makeClip } from '../support/ffmpeg.ts';
import { fleetWith } from '../support/fleet.ts';
import { tableName, useJobStore } from '../support/job-store.ts';
import { success } from '../support/jobs.ts';
import { requestWith } from '../support/requests.ts';
import { useSecretBox } from '../support/secret-box.ts';
import { creds } from './destination/destinations.ts';
import { file, useOrigins } from './origin.ts';

// A process that is killed does nothing any more, not even what it would do about an error. So here what it does at that
// moment never comes to an end.

const store = useJobStore();
const kms = useSecretBox();
const s3 = useS3();
const batch = useBatch();
const callbacks = useCallbackQueue();
const submissions = useCallbackQueue(NAMES.submissionQueue);
const startOrigin = useOrigins();
let clip: Buffer;
let body: string;
let services: CreateJobServices;

const never = () => new Promise<never>(() => {});

beforeAll(async () => {
  clip = await makeClip('clip.mp4', '-f lavfi -i testsrc2=size=64x36:rate=25:duration=0.2 -c:v libx264');
});
beforeEach(async () => {
  const origin = await startOrigin({ '/in.mp4': file(clip) });
  services = {
    jobs: store.jobs,
    queue: batchQueue(batch.client),
    secrets: kms.box,
    submissions: submissions.queue,
    addresses: { allowPrivateHosts: true },
    inputLimits: DEFAULT_INPUT_LIMITS,
    fleet: fleetWith(),
  };
  body = JSON.stringify(
    requestWith({
      input: { url: origin.at('/in.mp4') },
      destination: { provider: 's3', bucket: Bucket, endpoint: s3.server.url, creds },
      callback: 'http://127.0.0.1:9/hook',
    }),
  );
});

const jobOf = async (jobId: string) => (await store.jobs.load(jobId))?.job;

/** Creates a job in a process that is killed. @returns the job's id, once it has come so far as the test wants it to */
async function createAndDie(dying: Partial<CreateJobServices>, isThere: (jobId: string) => Promise<boolean>) {
  const jobId = crypto.randomUUID();
  void createJob({ ...services, ...dying }, 'alice', body, jobId);
  await vi.waitFor(async () => expect(await isThere(jobId)).toBe(true), 10_000);
  return jobId;
}

/** What happens in the minutes after: what is overdue is found, and the queues are worked off. */
async function minutesLater(): Promise<void> {
  const endServices = { jobs: store.jobs, callbacks: callbacks.queue };
  const now = new Date(Date.now() + 90_000);
  const { queue } = services;
  await reconcileJobs({ ...endServices, queue, submissions: submissions.queue, finder: store.finder }, now);
  for (const jobId of await submissions.take()) await submitJob({ ...endServices, queue }, jobId);
}

/** The end of a Batch job, as its event tells of it. */
const batchJobEnds = (jobId: string, batchJobId: string) =>
  settleJob(
    { jobs: store.jobs, queue: unusedQueue, callbacks: callbacks.queue },
    {
      'detail-type': 'Batch Job State Change',
      source: 'aws.batch',
      detail: { jobId: batchJobId, jobName: `octet-${jobId}`, status: 'SUCCEEDED' },
    },
  );

/** Does a job as its worker does, and ends it. It is told of once. */
async function expectDoneOnce(jobId: string, batchJobId: string): Promise<void> {
  await store.jobs.claim(jobId, batchJobId);
  await store.jobs.recordOutcome(jobId, success, new Date());
  await batchJobEnds(jobId, batchJobId);
  await batchJobEnds(jobId, batchJobId);
  expect(await jobOf(jobId)).toMatchObject({ status: 'complete', callback_status: 'queued' });
  await minutesLater();
  expect(await callbacks.take()).toEqual([jobId]);
}

describe('a job ends right, once, when its process is killed', () => {
  it('between storing and submitting it', async () => {
    const queue = Object.assign(Object.create(services.queue), { submit: never });
    const jobId = await createAndDie({ queue }, async (id) => (await jobOf(id)) !== undefined);
    expect(await jobOf(jobId)).not.toHaveProperty('batch_job_id');
    await minutesLater();
    const batchJobId = (await jobOf(jobId))?.batch_job_id;
    expect(batchJobId).toBeDefined();
    await expectDoneOnce(jobId, batchJobId ?? '');
  });

  it('between submitting it and writing that down', async () => {
    const submitted: string[] = [];
    const queue = Object.assign(Object.create(services.queue), {
      submit: async (job: SubmittedJob) => {
        submitted.push(await services.queue.submit(job));
        return submitted[0];
      },
    });
    const jobs = Object.assign(new JobStore({ client: store.client, tableName }), {
      recordSubmission: never,
    });
    const jobId = await createAndDie({ queue, jobs }, async () => submitted.length === 1);
    await minutesLater();
    // It was submitted twice, and the worker that is second finds it taken.
    const [first = '', second = (await jobOf(jobId))?.batch_job_id ?? ''] = submitted;
    expect(second).not.toBe(first);
    await store.jobs.claim(jobId, first);
    await expect(store.jobs.claim(jobId, second)).rejects.toBeInstanceOf(LostRaceError);
    await batchJobEnds(jobId, second);
    expect(await jobOf(jobId)).toMatchObject({ status: 'created' });
    await expectDoneOnce(jobId, first);
  });

  it('between settling it and queueing its callback', async () => {
    const { job_id: jobId } = await createJob(services, 'alice', body);
    await store.jobs.claim(jobId, 'b-1');
    await store.jobs.recordOutcome(jobId, success, new Date());
    const dying = Object.assign(
      new JobMessageQueue({ client: callbacks.client, queueUrl: callbacks.queueUrl }),
      {
        send: never,
      },
    );
    void settleJob(
      { jobs: store.jobs, queue: unusedQueue, callbacks: dying },
      {
        'detail-type': 'Batch Job State Change',
        source: 'aws.batch',
        detail: { jobId: 'b-1', jobName: `octet-${jobId}`, status: 'SUCCEEDED' },
      },
    );
    await vi.waitFor(async () => expect((await jobOf(jobId))?.status).toBe('complete'), 10_000);
    expect(await callbacks.take()).toEqual([]);
    await minutesLater();
    await minutesLater();
    expect(await callbacks.take()).toEqual([jobId]);
    expect(await jobOf(jobId)).toMatchObject({ status: 'complete', callback_status: 'queued' });
  });
});
