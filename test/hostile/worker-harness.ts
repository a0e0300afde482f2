import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { JobError } from '../../domain/errors.ts';
import { parseJobRequest } from '../../domain/request/job-request.ts';
import { findFfmpeg } from '../../local/ffmpeg.ts';
import { type LocalServer, listenOnLoopback } from '../../local/http-server.ts';
import { startS3 } from '../../local/s3/server.ts';
import { Bucket, credentials } from '../local/s3/harness.ts';
import { creds, destinationAt } from '../services/destination/destinations.ts';
import { type Reply, status } from '../services/origin.ts';
import { type JobStoreHarness, useJobStore } from '../support/job-store.ts';
import { newJob } from '../support/jobs.ts';
import { requestWith } from '../support/requests.ts';
import { type SecretBoxHarness, useSecretBox } from '../support/secret-box.ts';

export const ffmpegTools = findFfmpeg(process.env);

/** How a job has ended: how many of its files were made, and what went wrong with the others. */
export interface Ended {
  readonly made: number;
  readonly errors: readonly JobError[];
}

/** Everything that a worker needs around it, for all tests of a file. */
export interface WorkerHarness {
  readonly store: JobStoreHarness;
  readonly kms: SecretBoxHarness;
  readonly s3: LocalServer;
  readonly scratchDir: string;
  /** Stores a job of one tiny output, whose input is what the reply gives. @returns its id */
  create(input: Reply): Promise<string>;
  ended(jobId: string): Promise<Ended>;
}

const { outputs } = parseJobRequest(
  JSON.stringify(requestWith({ outputs: [{ resolution: '64x64', preset: 'hp', cq: 40 }] })),
);

export function useWorkerHarness(): WorkerHarness {
  const inputs = new Map<string, Reply>();
  const folder = mkdtempSync(join(tmpdir(), 'octet-broken-'));
  const scratchDir = mkdtempSync(join(tmpdir(), 'octet-scratch-'));
  const fixed = { store: useJobStore(), kms: useSecretBox(), scratchDir };
  const harness = { ...fixed } as { -readonly [key in keyof WorkerHarness]: WorkerHarness[key] };
  let origin: LocalServer;
  beforeAll(async () => {
    harness.s3 = await startS3({ dataDir: folder, credentials, buckets: [Bucket] });
    origin = await listenOnLoopback((request, response) => {
      (inputs.get(request.url ?? '') ?? status(404))(request, response);
    });
    harness.create = async (input) => {
      const job = newJob({ outputs: [...outputs], destination: destinationAt(harness.s3.url) });
      inputs.set(`/${job.job_id}`, input);
      const secrets = { input_url: `${origin.url}/${job.job_id}`, credentials: creds };
      const sealed_work = await fixed.kms.box.seal(job.job_id, 'work', secrets);
      await fixed.store.jobs.create({ ...job, sealed_work });
      return job.job_id;
    };
    harness.ended = async (jobId) => endedOf(fixed.store, jobId);
  });
  afterAll(async () => {
    await Promise.all([harness.s3?.close(), origin?.close()]);
    for (const each of [folder, scratchDir]) rmSync(each, { recursive: true });
  });
  return harness;
}

async function endedOf({ jobs }: JobStoreHarness, jobId: string): Promise<Ended> {
  const { outputs: ended = [], error } = (await jobs.load(jobId))?.job.outcome ?? {};
  const errors = [error, ...ended.map((each) => (each.status === 'error' ? each.error : undefined))];
  return {
    made: ended.filter((each) => each.status === 'complete').length,
    errors: errors.filter((each) => each !== undefined),
  };
}
