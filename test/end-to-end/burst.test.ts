import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { burst } from '../../local/bench/burst.ts';

const folder = mkdtempSync(join(tmpdir(), 'octet-burst-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('loses and doubles none of many jobs at once, of which Batch takes ten in a second', async () => {
  const result = await burst({ folder, jobs: 100, connections: 64, submitsPerSecond: 10 });
  expect(result).toMatchObject({ accepted: 100, lost: 0, doubled: 0, unsubmitted: 0 });
});
