// Makes JavaScript of the TypeScript that runs outside of tests, into .build/.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

await Promise.all([
  buildFile('local/main.ts', 'local.mjs', { packages: 'external' }),
  buildFile('local/s3/process.ts', 's3.mjs', { packages: 'external' }),
  buildFile('local/demo/main.ts', 'demo.mjs', { packages: 'external' }),
  // With all of its packages in it, since its image has no others. Those in CommonJS call require for Node's own modules.
  buildFile('batch-image/worker/main.ts', 'worker.mjs', {
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
  }),
]);

async function buildFile(entry, name, options) {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    outfile: join(root, '.build', name),
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'error',
    ...options,
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
}

/** In one step, since another process may be reading the one of before. */
function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `.${process.pid}.${basename(path)}`);
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
