// Makes JavaScript of the TypeScript that runs outside of tests, into .build/.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

export const buildDir = join(root, '.build');

/**
 * Builds one file, and puts it in its place in one step: another process may be reading the one of before.
 *
 * @param {string} entry from the repository's root
 * @param {string} name of the built file, which ends with `.mjs`
 * @param {{ isAlone?: boolean }} [options] isAlone: with all packages in it, for where there is no node_modules
 * @returns {Promise<string>} its path
 */
export async function buildFile(entry, name, { isAlone = false } = {}) {
  const outfile = join(buildDir, name);
  // Packages in CommonJS, such as undici, call require for Node's own modules.
  const js = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    outfile,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'error',
    ...(isAlone ? { banner: { js } } : { packages: 'external' }),
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  return outfile;
}

function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `.${process.pid}.${basename(path)}`);
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
