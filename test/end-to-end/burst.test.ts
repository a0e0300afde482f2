import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it('loses and doubles none of many jobs at once, of which Batch takes ten in a second', async () => {
  const args = ['scripts/bench-create.mjs', '--jobs', '100', '--submits-per-second', '10', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(JSON.parse(stdout)).toMatchObject({ accepted: 100, lost: 0, doubled: 0, unsubmitted: 0 });
});
