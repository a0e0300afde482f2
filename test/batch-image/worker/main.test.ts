import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EXIT } from '../../../domain/batch/exit-codes.ts';
import { isAlive } from '../../local/batch/harness.ts';
import { tableName, useJobStore } from '../../support/job-store.ts';
import { newJob } from '../../support/jobs.ts';
import { keyId, useSecretBox } from '../../support/secret-box.ts';
import { forever, usePrograms } from './programs.ts';

const main = fileURLToPath(new URL('../../../batch-image/worker/main.ts', import.meta.url));
const store = useJobStore();
const kms = useSecretBox();
const program = usePrograms();
let folder: string;
let worker: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-worker-'));
});
afterEach(() => {
  worker?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts the worker as Batch does. */
function start(environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: {
      PATH: process.env.PATH,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: store.server.url,
      AWS_ENDPOINT_URL_KMS: kms.server.url,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_BATCH_JOB_ID: 'b-1',
      TABLE_NAME: tableName,
      KMS_KEY_ID: keyId,
      SCRATCH_BUCKET: 'scratch',
      SCRATCH_DIR: folder,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  worker = child;
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  return async () => {
    const [exitCode] = await once(child, 'exit');
    const [stdout, stderr] = await output;
    return { exitCode, stdout, stderr };
  };
}

it('ends with the exit code of its job', async () => {
  const { exitCode, stdout, stderr } = await start({ OCTET_JOB_ID: 'none' })();
  expect({ exitCode, stderr }).toEqual({ exitCode: EXIT.done, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    message: 'There is nothing to do for this job.',
    job_id: 'none',
  });
});

it('does not begin without its settings', async () => {
  const { exitCode, stderr } = await start({})();
  expect(exitCode).toBe(1);
  expect(stderr).toContain('The environment variable OCTET_JOB_ID is not set.');
});

it('ends at once when it is told to, with what it has started, and asks for another attempt', async () => {
  const job = newJob();
  await store.jobs.create(job);
  const file = join(folder, 'pid');
  const ffmpeg = program(
    `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); ${forever}`,
  );
  const ended = start({ OCTET_JOB_ID: job.job_id, FFMPEG_PATH: ffmpeg });
  const pid = await vi.waitFor(() => {
    expect(existsSync(file) && readFileSync(file, 'utf8')).toBeTruthy();
    return Number(readFileSync(file, 'utf8'));
  }, 20_000);
  worker?.kill('SIGTERM');
  expect(await ended()).toEqual({ exitCode: EXIT.hostUnfit, stdout: '', stderr: '' });
  expect(isAlive(pid)).toBe(false);
});
