import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  type JobStatus,
  SubmitJobCommand,
  type SubmitJobRequest,
} from '@aws-sdk/client-batch';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import {
  type BatchStateChangeEvent,
  type LocalBatch,
  type LocalBatchOptions,
  startBatch,
} from '../../../local/batch/server.ts';

/** A worker that runs the code in `CODE`, which its job sets; `file` is a name in the test's own folder. */
const worker = "const file = (name) => process.env.FOLDER + '/' + name; eval(process.env.CODE ?? '')";

/** Ends by SIGTERM only when it wants to. */
export const forever = 'setInterval(() => {}, 1000)';

/** Runs until the test makes a file called `go`. */
export const untilGo = "setInterval(() => require('fs').existsSync(file('go')) && process.exit(), 10)";

/** Starts a child in the worker's group that lives on, deaf to SIGTERM, and writes its number to the file `child`. */
export const withChild = `
  const child = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); ${forever}']);
  require('fs').writeFileSync(file('child'), String(child.pid));`;

/** What one test has. */
export interface Harness {
  readonly folder: string;
  readonly events: BatchStateChangeEvent[];
  readonly logged: string[];
  batch: LocalBatch;
  client: BatchClient;
}

export type Overrides = Partial<LocalBatchOptions>;

/** A server and a client before each test; all workers are gone after it. */
export function useBatch(overrides: Overrides = {}): Harness {
  const harness = {} as { -readonly [key in keyof Harness]: Harness[key] };
  beforeEach(async () => {
    harness.folder = mkdtempSync(join(tmpdir(), 'octet-batch-'));
    Object.assign(harness, { events: [], logged: [] });
    await start(harness, overrides);
  });
  afterEach(async () => {
    await stop(harness, true);
    rmSync(harness.folder, { recursive: true, force: true });
  });
  return harness;
}

/** Starts a server on the test's folder; also the second one, after a restart. */
export async function start(harness: Harness, overrides: Overrides = {}): Promise<void> {
  const { folder } = harness;
  const environment = () => ({ FOLDER: folder });
  const command = [process.execPath, '-e', worker] as const;
  harness.batch = await startBatch({
    dataDir: join(folder, 'data'),
    queues: { gpu: { slots: 2 }, single: { slots: 1 } },
    jobDefinitions: { worker: { command, environment, terminationGraceSeconds: 0.2 } },
    minimumTimeoutSeconds: 0,
    onEvent: async (event) => void harness.events.push(event),
    log: (line) => harness.logged.push(line),
    ...overrides,
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const { url: endpoint } = harness.batch;
  harness.client = new BatchClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

export async function stop(harness: Harness, endWorkers: boolean): Promise<void> {
  harness.client.destroy();
  await harness.batch.close({ endWorkers });
}

/** Submits a job that runs the code. @returns its id */
export async function submit(
  harness: Harness,
  code: string,
  request: Partial<SubmitJobRequest> = {},
): Promise<string> {
  const containerOverrides = { environment: [{ name: 'CODE', value: code }] };
  const base = { jobName: 'job', jobQueue: 'gpu', jobDefinition: 'worker', containerOverrides };
  const { jobId } = await harness.client.send(new SubmitJobCommand({ ...base, ...request }));
  if (jobId === undefined) throw new Error('SubmitJob answered without a job id');
  return jobId;
}

export async function describeJob(harness: Harness, jobId: string): Promise<JobDetail> {
  const { jobs: [job] = [] } = await harness.client.send(new DescribeJobsCommand({ jobs: [jobId] }));
  if (job === undefined) throw new Error(`There is no job ${jobId}`);
  return job;
}

export function waitFor<T>(condition: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(condition, { timeout: 10_000, interval: 15 });
}

export async function waitForStatus(harness: Harness, jobId: string, status: JobStatus): Promise<JobDetail> {
  return waitFor(async () => {
    const job = await describeJob(harness, jobId);
    expect(job.status).toBe(status);
    return job;
  });
}

/** Reads a file of the test's folder as soon as it holds something. */
export function waitForFile(harness: Harness, name: string): Promise<string> {
  return waitFor(() => {
    const path = join(harness.folder, name);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    expect(text).not.toBe('');
    return text;
  });
}

/** The statuses in the events of one job, in the order in which they came. */
export function statusesOf(harness: Harness, jobId: string): unknown[] {
  return harness.events.filter(({ detail }) => detail.jobId === jobId).map(({ detail }) => detail.status);
}

/** False also for a process that is dead and not yet reaped, where that can be told. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return existsSync('/proc/self/stat') ? false : (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
