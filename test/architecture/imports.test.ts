import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

const REFUSED: [file: string, code: string][] = [
  ...[
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-dynamodb',
    '@smithy/types',
    'node:fs',
    'node:fs/promises',
    'fs',
    'fs/promises',
    'node:net',
    'net',
    'node:child_process',
    'child_process',
    'node:http',
    'undici',
    '../services/log.ts',
    '../../services/log.ts',
    '../lambdas/env.ts',
    '../local/main.ts',
    '../batch-image/worker/tool.ts',
    '../lib/octet-stack.ts',
  ].map((module): [string, string] => ['domain', `import x from '${module}';`]),
  ['domain', "import type { S3Client } from '@aws-sdk/client-s3';"],
  ['domain', "import '../services/log.ts';"],
  ['domain', "export { logInfo } from '../services/log.ts';"],
  ['domain', "export * from 'node:fs';"],
  ['domain', "export const x = await import('node:fs');"],
  ['domain', "export const x = require('node:fs');"],
  ['domain/plan', "import x from '../../services/log.ts';"],
  ...['../lambdas/env.ts', '../local/main.ts', '../batch-image/worker/tool.ts', '../lib/octet-stack.ts'].map(
    (module): [string, string] => ['services', `import x from '${module}';`],
  ),
  ['services/callbacks', "import x from '../../batch-image/worker/tool.ts';"],
  ['services', "export const x = await import('../lambdas/env.ts');"],
  ['lambdas', "import x from '../local/main.ts';"],
  ['batch-image/worker', "import x from '../../local/main.ts';"],
];

const ALLOWED: [file: string, code: string][] = [
  ['domain', "import * as v from 'valibot';"],
  ['domain/plan', "import x from '../media/source.ts';"],
  ['services', "import x from '../domain/errors.ts';"],
  ['services', "import { S3Client } from '@aws-sdk/client-s3';"],
  ['services', "import { open } from 'node:fs/promises';"],
  ['lambdas', "import x from '../services/log.ts';"],
  ['batch-image/worker', "import x from '../../services/log.ts';"],
  ['local', "import x from '../batch-image/worker/main.ts';"],
];

/** The second has Node's own modules named as such, for the first to see them; the third leaves imports as the only way. */
const RULES = ['noRestrictedImports', 'useNodejsImportProtocol', 'noCommonJs'].map(
  (rule) => `lint/style/${rule}`,
);

let folder: string;
let refused: Set<string>;

/** Where a case's code lies, by its place in the table. */
const pathOf = (table: string, index: number, where: string) => `${where}/${table}-${index}.ts`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'octet-imports-'));
  copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  for (const [table, cases] of Object.entries({ refused: REFUSED, allowed: ALLOWED })) {
    for (const [index, [where, code]] of cases.entries()) {
      const path = join(folder, pathOf(table, index, where));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${code}\n`);
    }
  }
  refused = await lint(folder);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** @returns the files whose imports the project's lint rules refuse */
async function lint(path: string): Promise<Set<string>> {
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', path];
  const report = await new Promise<string>((resolve) => {
    // It ends with 1 when it refuses something.
    execFile(process.execPath, args, { cwd: path, maxBuffer: 64 * 1024 * 1024 }, (_, stdout) =>
      resolve(stdout),
    );
  });
  const diagnostics: { category: string; location: { path: string } }[] = JSON.parse(report).diagnostics;
  return new Set(
    diagnostics
      .filter(({ category }) => RULES.includes(category))
      .map(({ location }) => relative(path, join(path, location.path))),
  );
}

it.each(REFUSED.map((each, index) => [...each, index] as const))('%s may not have %s', (where, _, index) => {
  expect(refused).toContain(pathOf('refused', index, where));
});

it.each(ALLOWED.map((each, index) => [...each, index] as const))('%s may have %s', (where, _, index) => {
  expect(refused).not.toContain(pathOf('allowed', index, where));
});
