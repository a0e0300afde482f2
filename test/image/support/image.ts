import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe } from 'vitest';
import { findEngine, IMAGE, NO_ENGINE } from '../../../scripts/container-engine.mjs';

const execute = promisify(execFile);

/** Tests that need the image. Without anything that runs containers they are skipped, and counted as such. */
export const describeImage = describe.skipIf(process.env.OCTET_TESTS_WITHOUT_IMAGE === 'true');

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program in the image as AWS Batch does: as its user, with a root that cannot be written to.
 *
 * @param options more of `docker run`
 */
export async function runInImage(
  program: string,
  args: readonly string[],
  options: readonly string[] = [],
): Promise<Ended> {
  const engine = engineOf();
  const [engineProgram = '', ...run] = engine.run;
  const command = [
    ...run,
    ...['--rm', '--network', 'host', '--read-only'],
    ...(engine.name === 'podman' ? ['--read-only-tmpfs=false'] : []),
    ...options,
    ...['--entrypoint', program, IMAGE, ...args],
  ];
  try {
    return { exitCode: 0, ...(await execute(engineProgram, command, { maxBuffer: 64 * 1024 * 1024 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, stdout, stderr };
  }
}

/** What the engine knows of the image. */
export async function imageFacts(): Promise<{ readonly size: number; readonly user: string }> {
  const { stdout } = await execute(engineOf().name, ['image', 'inspect', IMAGE]);
  const [{ Size, Config }] = JSON.parse(stdout);
  return { size: Size, user: Config.User };
}

function engineOf() {
  const engine = findEngine();
  if (engine === undefined) throw new Error(NO_ENGINE);
  return engine;
}
