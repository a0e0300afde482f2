import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { findEngine } from '../../../scripts/container-engine.mjs';
import { PROGRAMS, programMount } from './programs.ts';
import { DRIVER_FOLDER } from './stand-in.ts';

const IMAGE = 'localhost/octet-gpu-stand-in';
const CONTEXT = join(import.meta.dirname, '../stand-in');

/** What the worker's image was built from, where no registry can be reached. */
const OWN_BASE = 'localhost/octet-debian:trixie';

/** Builds what runs in containers, before the first test. Where there can be none, the tests are skipped. */
export async function setup(): Promise<void> {
  const engine = findEngine();
  if (engine === undefined) return;
  await Promise.all(PROGRAMS.map(bundle));
  if (engine.name === 'docker') run('docker', 'build', '--platform', 'linux/amd64', '--tag', IMAGE, CONTEXT);
  else run('buildah', 'bud', '--layers', '--isolation', 'chroot', ...ownBase(), '--tag', IMAGE, CONTEXT);
  copyLibraries(engine.run);
}

async function bundle(name: (typeof PROGRAMS)[number]): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'in-image', `${name}.ts`)],
    outfile: programMount(name).from,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
}

function ownBase(): string[] {
  const isThere = spawnSync('podman', ['image', 'exists', OWN_BASE]).status === 0;
  return isThere ? ['--pull-never', '--build-arg', `BASE_IMAGE=${OWN_BASE}`] : [];
}

function copyLibraries([engine = '', , ...options]: readonly string[]): void {
  mkdirSync(DRIVER_FOLDER, { recursive: true });
  const container = run(engine, 'create', ...options, IMAGE, 'true').trim();
  try {
    run(engine, 'cp', `${container}:/out/.`, DRIVER_FOLDER);
  } finally {
    run(engine, 'rm', container);
  }
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
