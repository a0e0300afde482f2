import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { forever, start, stop, submit, useBatch, waitFor, waitForFile, waitForStatus } from './harness.ts';

const scratchFolder = join(tmpdir(), `octet-scratch-test-${process.pid}`);
afterAll(() => rmSync(scratchFolder, { recursive: true, force: true }));

const scratch = { folder: scratchFolder, variable: 'SCRATCH' };
const definition = (folder: string) => ({
  command: [
    process.execPath,
    '-e',
    "const file = (n) => process.env.FOLDER + '/' + n; eval(process.env.CODE)",
  ] as const,
  environment: () => ({ FOLDER: folder }),
  terminationGraceSeconds: 0.2,
  scratch,
});
// The folder of the test's own is not known yet when the definition is made.
const overrides = {
  jobDefinitions: {
    get worker() {
      return definition(harness.folder);
    },
  },
};
const harness = useBatch(overrides);

const writeThere = "require('fs').writeFileSync(process.env.SCRATCH + '/x', '1')";

it('gives each attempt a folder of its own, which goes when the attempt ends', async () => {
  const code = `require('fs').appendFileSync(file('seen'), process.env.SCRATCH + ' '); ${writeThere}; process.exit(9)`;
  const jobId = await submit(harness, code, { retryStrategy: { attempts: 2 } });
  await waitForStatus(harness, jobId, 'FAILED');
  const folders = (await waitForFile(harness, 'seen')).trim().split(' ');
  expect(new Set(folders).size).toBe(2);
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
});

it('removes the folder of a worker that was killed', async () => {
  const code = `${writeThere}; require('fs').writeFileSync(file('pid'), String(process.pid)); ${forever}`;
  await submit(harness, code);
  const pid = Number(await waitForFile(harness, 'pid'));
  expect(readdirSync(scratchFolder)).toHaveLength(1);
  process.kill(pid, 'SIGKILL');
  await waitFor(() => expect(readdirSync(scratchFolder)).toEqual([]));
});

it('removes at its start what an earlier run has left', async () => {
  const jobId = await submit(
    harness,
    `${writeThere}; require('fs').writeFileSync(file('up'), '1'); ${forever}`,
  );
  await waitForFile(harness, 'up');
  await stop(harness, false);
  expect(readdirSync(scratchFolder)).toHaveLength(1);
  await start(harness, overrides);
  await waitForStatus(harness, jobId, 'FAILED');
  expect(existsSync(scratchFolder)).toBe(false);
});
