import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runJob } from '../../batch-image/worker/run-job.ts';
import { EXIT } from '../../domain/batch/exit-codes.ts';
import { DEFAULT_INPUT_LIMITS } from '../../domain/media/input-limits.ts';
import { file } from '../services/origin.ts';
import { clipNames, clipPath } from '../support/clips/clip-path.ts';
import { tableName } from '../support/job-store.ts';
import { keyId } from '../support/secret-box.ts';
import { BROKEN_FILES } from './broken-files.ts';
import { type Ended, ffmpegTools, useWorkerHarness } from './worker-harness.ts';

/** Milliseconds in which each file must have come to its end. */
const LIMIT_MS = 30_000;

/** What a job ends with that is not its input's fault, or that nobody has foreseen. */
const OUR_FAULT = ['internal', 'infrastructure', 'timed_out', 'cancelled'];

// Each file has its share of the machine, or else the limit would be one of the machine's.
vi.setConfig({ maxConcurrency: availableParallelism() });

const worker = useWorkerHarness();
const available: readonly string[] = await clipNames();
const files = BROKEN_FILES.filter(([, clip]) => available.includes(clip));

beforeAll(() => {
  // Every broken file is logged, which is nothing that whoever runs tests wants to read.
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** Has the worker do a job for a file, in this process. */
async function run(input: Buffer): Promise<Ended & { readonly exitCode: number }> {
  const jobId = await worker.create(file(input));
  const { store, kms, scratchDir } = worker;
  const environment = {
    ...{ jobId, batchJobId: 'b-1', tableName, keyId, scratchDir },
    ...{ step: 'whole' as const, child: 0, scratchBucket: 'scratch' },
    ...{ isGpuRequired: false, retentionDays: undefined, allowPrivateHosts: true },
    inputLimits: DEFAULT_INPUT_LIMITS,
    tools: { ...ffmpegTools, environment: { ...process.env, ...ffmpegTools.environment } },
  };
  const services = { environment, jobs: store.jobs, secrets: kms.box, scratch: new S3Client() };
  const exitCode = await runJob(services, AbortSignal.timeout(LIMIT_MS));
  return { exitCode, ...(await worker.ended(jobId)) };
}

it('makes a file of a clip that is whole', async () => {
  const input = readFileSync(await clipPath('h264.mp4'));
  expect(await run(input)).toEqual({ exitCode: EXIT.done, errors: [], made: 1 });
});

describe.concurrent('within 30 s the worker makes a verified file, or says what is wrong, of', () => {
  it.for(files)('%s', { timeout: 2 * LIMIT_MS }, async ([, clip, breakIt]) => {
    const whole = readFileSync(await clipPath(clip));
    const { exitCode, errors, made } = await run(breakIt(Buffer.from(whole)));
    if (made === 1) {
      expect({ exitCode, errors }).toEqual({ exitCode: EXIT.done, errors: [] });
      return;
    }
    expect(exitCode).toBe(EXIT.jobFailed);
    expect(errors).toHaveLength(1);
    for (const { code, message } of errors) {
      expect(OUR_FAULT).not.toContain(code);
      expect(message).toMatch(/^[A-Z].*\.$/s);
    }
  });
});

it('leaves nothing on the machine of all of them, of which there are enough', () => {
  expect(files.length).toBeGreaterThanOrEqual(60);
  expect(readdirSync(worker.scratchDir)).toEqual([]);
});
