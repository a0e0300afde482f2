// Runs the worker's image in place of the worker's process, as AWS Batch does: OCTET_LOCAL_WORKER=scripts/run-image.mjs npm start
import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { findEngine, IMAGE, NO_ENGINE } from './container-engine.mjs';

/** Where the Dockerfile has its volume. */
const SCRATCH_DIR = '/scratch';

/** Says where things are on the host, which is not where they are in the image. */
const OF_THE_HOST = /^(FFMPEG_PATH|FFPROBE_PATH|LD_LIBRARY_PATH|PATH|HOME|SCRATCH_DIR|GCONV_PATH)$/;

/**
 * Runs a job's attempt, and ends with its exit code.
 *
 * @param {string[]} options more options of `docker run`
 */
export function runImage(options = []) {
  const engine = findEngine();
  if (engine === undefined) throw new Error(NO_ENGINE);
  const scratch = process.env.SCRATCH_DIR ?? '';
  // The image's user is nobody on this machine.
  chmodSync(scratch, 0o777);
  const [program = '', ...run] = engine.run;
  const names = Object.keys(process.env).filter((name) => !OF_THE_HOST.test(name));
  const args = [
    ...run,
    ...['--rm', '--network', 'host', '--read-only'],
    ...(engine.name === 'podman' ? ['--read-only-tmpfs=false'] : []),
    ...['--volume', `${scratch}:${SCRATCH_DIR}`, '--env', `SCRATCH_DIR=${SCRATCH_DIR}`],
    ...names.flatMap((name) => ['--env', name]),
    ...options,
    IMAGE,
  ];
  const child = spawn(program, args, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));
}

if (process.argv[1] === import.meta.filename) runImage(process.argv.slice(2));
