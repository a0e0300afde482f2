import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, beforeEach, vi } from 'vitest';
import type { ToolPaths } from '../../../batch-image/worker/env.ts';
import { runJob } from '../../../batch-image/worker/run-job.ts';
import type { WorkStep } from '../../../domain/environment.ts';
import type { JobRecord, NewJobRecord } from '../../../domain/job/job-record.ts';
import { DEFAULT_INPUT_LIMITS, type InputLimits } from '../../../domain/media/input-limits.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { findFfmpeg } from '../../../local/ffmpeg.ts';
import type { JobStore } from '../../../services/job-store/job-store.ts';
import type { SecretBox } from '../../../services/secrets/secret-box.ts';
import { Bucket, type Harness, useS3 } from '../../local/s3/harness.ts';
import { creds, destinationAt } from '../../services/destination/destinations.ts';
import { file, type Origin, useOrigins } from '../../services/origin.ts';
import { makeClip } from '../../support/ffmpeg.ts';
import { type JobStoreHarness, tableName, useJobStore } from '../../support/job-store.ts';
import { newJob } from '../../support/jobs.ts';
import { requestWith } from '../../support/requests.ts';
import { keyId, type SecretBoxHarness, useSecretBox } from '../../support/secret-box.ts';

export const SCRATCH_BUCKET = 'scratch';

const found = findFfmpeg(process.env);
export const realTools: ToolPaths = { ...found, environment: { ...process.env, ...found.environment } };

/** So many small outputs. */
export function outputsOf(count: number): NewJobRecord['outputs'] {
  const outputs = Array.from({ length: count }, () => ({ resolution: '160x90', preset: 'hp', cq: 30 }));
  return [...parseJobRequest(JSON.stringify(requestWith({ outputs }))).outputs];
}

/** How one run of the worker differs from others. */
export interface Overrides {
  readonly step?: WorkStep;
  readonly child?: number;
  readonly tools?: ToolPaths;
  readonly signal?: AbortSignal;
  readonly jobs?: JobStore;
  readonly secrets?: SecretBox;
  readonly scratch?: S3Client;
  readonly inputLimits?: InputLimits;
}

/** What a test of the worker has: a job that is stored, all that it names, and a machine. */
export interface WorkerHarness {
  readonly store: JobStoreHarness;
  readonly kms: SecretBoxHarness;
  readonly s3: Harness;
  /** One second of 25 frames, which the origin serves as `/in.mp4`. */
  readonly clip: Buffer;
  readonly origin: Origin;
  readonly scratchDir: string;
  /** What the worker has written to its log. */
  readonly log: string[];
  jobId: string;
  /** Stores another job, which is the test's from then on. */
  create(fields?: Partial<NewJobRecord>): Promise<void>;
  /** The job as it is stored. */
  job(): Promise<JobRecord | undefined>;
  /** @returns the worker's exit code */
  run(overrides?: Overrides): Promise<number>;
}

/** A job and a machine for each test. */
export function useWorker(): WorkerHarness {
  const store = useJobStore();
  const kms = useSecretBox();
  const s3 = useS3({ buckets: [Bucket, SCRATCH_BUCKET] });
  const startOrigin = useOrigins();
  const harness = { store, kms, s3, create, job, run } as {
    -readonly [key in keyof WorkerHarness]: WorkerHarness[key];
  };

  beforeAll(async () => {
    const picture = 'testsrc2=size=320x180:rate=25:duration=1';
    harness.clip = await makeClip('clip.mp4', `-f lavfi -i ${picture} -c:v libx264`);
  });
  beforeEach(async () => {
    harness.origin = await startOrigin({ '/in.mp4': file(harness.clip) });
    harness.scratchDir = mkdtempSync(join(tmpdir(), 'octet-scratch-'));
    harness.log = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => harness.log.push(String(text)) > 0);
    await create();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(harness.scratchDir, { recursive: true });
  });

  async function create(fields: Partial<NewJobRecord> = {}): Promise<void> {
    const created = newJob({ outputs: outputsOf(1), destination: destinationAt(s3.server.url), ...fields });
    harness.jobId = created.job_id;
    const secrets = {
      input_url: `${harness.origin.at('/in.mp4')}?X-Amz-Signature=hush`,
      credentials: creds,
    };
    const sealed_work = await kms.box.seal(created.job_id, 'work', secrets);
    await store.jobs.create({ ...created, sealed_work, ...fields });
  }

  async function job() {
    return (await store.jobs.load(harness.jobId))?.job;
  }

  function run(overrides: Overrides = {}) {
    const { signal = new AbortController().signal } = overrides;
    const { jobs = store.jobs, secrets = kms.box, scratch = s3.client } = overrides;
    const { step = 'whole', child = 0, tools = realTools, inputLimits = DEFAULT_INPUT_LIMITS } = overrides;
    const settings = {
      ...{ step, child, tools, inputLimits, tableName, keyId },
      jobId: harness.jobId,
      batchJobId: 'b-1',
      scratchBucket: SCRATCH_BUCKET,
      scratchDir: harness.scratchDir,
      isGpuRequired: false,
      retentionDays: undefined,
      allowPrivateHosts: true,
    };
    return runJob({ environment: settings, jobs, secrets, scratch }, signal);
  }

  return harness;
}
