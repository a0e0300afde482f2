import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const handlers = readdirSync(join(root, 'lambdas'))
  .filter((name) => /^[a-z]+-[a-z]+\.ts$/.test(name))
  .map((name) => name.replace('.ts', ''));

let sizes: Record<string, { start: number; all: number }>;

beforeAll(() => {
  const code = `import { buildFunctions } from './scripts/build-cloud.mjs';
    console.log(JSON.stringify(await buildFunctions()));`;
  const args = ['--input-type=module', '--eval', code];
  sizes = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
});

it('builds every function that there is', () => {
  expect(Object.keys(sizes).sort()).toEqual(handlers.sort());
});

describe.each(handlers)('%s', (name) => {
  const folder = join(root, '.build/lambdas', name);

  it('is under 400 kB when it starts', () => {
    expect(sizes[name]?.start).toBeLessThan(400_000);
    expect(sizes[name]?.start).toBeGreaterThan(50_000);
  });

  it('is deployed without source maps', () => {
    const files = readdirSync(folder);
    expect(files).toContain('index.mjs');
    expect(files.filter((file) => !file.endsWith('.mjs'))).toEqual([]);
    for (const file of files)
      expect(readFileSync(join(folder, file), 'utf8')).not.toContain('sourceMappingURL');
    expect(readdirSync(join(root, '.build/source-maps', name))).toContain('index.mjs.map');
  });
});
