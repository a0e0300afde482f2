import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

/** Its kills and failures are the same at every run. */
const SEED = 4;

it('loses nothing while everything fails', { timeout: 240_000 }, async () => {
  const args = ['.build/chaos.mjs', '--jobs', '20', '--seed', String(SEED), '--json'];
  const env = { ...process.env, OCTET_LOCAL_WORKERS: '2' };
  // What is wrong is told on standard error, and is part of what is thrown.
  const { stdout, stderr } = await run(process.execPath, args, { env });
  const { jobs, complete, error, ...bad } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect([jobs, complete + error]).toEqual([20, 20]);
  expect(complete).toBeGreaterThan(error);
  expect(bad).toEqual({
    lost: 0,
    settled_twice: 0,
    callbacks_missing: 0,
    doubled: 0,
    left_behind: 0,
    unfitting: 0,
  });
  expect(stderr).toContain(`Seed ${SEED}`);
  expect(stderr).toMatch(/Killed: [1-9]\d* workers, the service [1-9] times/);
});
