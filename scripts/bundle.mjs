// Makes JavaScript of the TypeScript that runs outside of tests, into .build/.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const buildDir = join(root, '.build');

/** Packages in CommonJS call require for Node's own modules, which modules of today do not have. */
const requireBanner = {
  js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
};

const common = {
  write: false,
  bundle: true,
  metafile: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
};

/** One file whose packages lie in node_modules. */
export async function bundleScript(entry, name) {
  await bundle({ entry, outfile: join(buildDir, name), packages: 'external', sourcemap: true });
}

/** One file with all of its packages in it, less what it does not use of them: loading the rest would take a while, too. */
export async function bundleProgram(entry, outfile) {
  await bundle({ entry, outfile, banner: requireBanner, sourcemap: true, ...slim });
}

/**
 * The handler of a Lambda function with all of its packages, as small as it can be: what is imported later is a file of its
 * own, and source maps lie outside of what is deployed.
 *
 * @returns sizes in bytes: of what is loaded at the start, and of all
 */
export async function bundleFunction(name) {
  const outdir = join(buildDir, 'lambdas', name);
  const { outputs } = await bundle({
    entry: { index: `lambdas/${name}.ts` },
    outdir,
    banner: requireBanner,
    splitting: true,
    minify: true,
    legalComments: 'none',
    sourcemap: 'external',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'part-[hash]',
    external: UNUSED_ON_LAMBDA,
    ...slim,
  });
  const sizeOf = (path) => outputs[path].bytes;
  const paths = Object.keys(outputs).filter((path) => path.endsWith('.mjs'));
  const start = loadedAtStart(
    outputs,
    paths.find((path) => basename(path) === 'index.mjs'),
  );
  return { start: sum([...start].map(sizeOf)), all: sum(paths.map(sizeOf)) };
}

/** Lambda gives functions their credentials in the environment; these are other ways to come by some. */
const UNUSED_ON_LAMBDA = [
  ...['http', 'ini', 'login', 'process', 'sso', 'web-identity'].map(
    (way) => `@aws-sdk/credential-provider-${way}`,
  ),
  '@smithy/credential-provider-imds',
];

/** Leaves out of the AWS SDK what is not used, where its code keeps esbuild from finding that out. */
const slimSdk = {
  name: 'slim-sdk',
  setup({ onLoad }) {
    // Objects whose keys are computed may not be left out; these are computed from constants.
    onLoad({ filter: /@aws-sdk.*[/\\]schemas_\d+\.js$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      const constants = new Map(
        [...code.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]),
      );
      return { contents: code.replace(/\[(\w+)\]:/g, (key, name) => `${constants.get(name) ?? key}:`) };
    });
    // The version is all that clients read there.
    onLoad({ filter: /@(aws-sdk|smithy)[/\\].*[/\\]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const slim = {
  // Modules, of which esbuild can leave parts out.
  mainFields: ['module', 'main'],
  plugins: [slimSdk],
};

function loadedAtStart(outputs, path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: imported, kind } of outputs[path].imports) {
    if (kind === 'import-statement' && outputs[imported]) loadedAtStart(outputs, imported, found);
  }
  return found;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

async function bundle({ entry, ...options }) {
  const entryPoints = typeof entry === 'string' ? [join(root, entry)] : entry;
  const { outputFiles, metafile } = await build({ absWorkingDir: root, entryPoints, ...common, ...options });
  for (const { path, contents } of outputFiles) replaceFile(placeOf(path, options), contents);
  if (options.outdir) removeOthers(options.outdir, new Set(outputFiles.map(({ path }) => path)));
  return metafile;
}

function placeOf(path, { sourcemap, outdir }) {
  if (sourcemap !== 'external' || !path.endsWith('.map')) return path;
  return join(buildDir, 'source-maps', basename(outdir), relative(outdir, path));
}

/** In one step, since another process may be reading the one of before. */
export function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `.${process.pid}.${basename(path)}`);
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}

/** Of earlier builds, whose parts had other names. */
function removeOthers(folder, wanted) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!wanted.has(join(folder, name))) rmSync(join(folder, name), { recursive: true });
  }
}
