// Finds what builds and runs images on this machine.
import { spawnSync } from 'node:child_process';

/** The name of the worker's image. */
export const IMAGE = 'localhost/octet-worker';

function works(program, ...args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/**
 * Docker where its daemon answers, else Podman with Buildah, which need none.
 *
 * @returns {{ name: 'docker' | 'podman', run: string[] } | undefined} with the beginning of a command that runs a container
 */
export function findEngine() {
  if (works('docker', 'info')) return { name: 'docker', run: ['docker', 'run'] };
  if (works('podman', '--version') && works('buildah', '--version')) {
    const runtime = works('crun', '--version') ? 'crun' : 'runc';
    // Podman wants more of them than a container or a build server may give.
    const limits = ['--ulimit', 'nofile=16384:16384', '--ulimit', 'nproc=16384:16384'];
    return { name: 'podman', run: ['podman', 'run', '--runtime', runtime, ...limits] };
  }
  return undefined;
}

export const NO_ENGINE =
  'Neither Docker (with its daemon running) nor Podman with Buildah is here: install one of them, as with "apt-get install podman buildah".';
