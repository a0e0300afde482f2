import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inImage, type Mount } from './image.ts';
import type { Batches, Command, CommandResult } from './in-image/run-commands.ts';
import { programMount } from './programs.ts';
import type { AskedEncoder } from './stand-in.ts';

const RUNNER = programMount('run-commands');

/** Where the runner finds what it is to run. */
const BATCHES_PATH = '/opt/batches.json';

export interface CommandsOptions {
  /** The driver, where there is to be one, and what else the commands need. */
  readonly mounts?: readonly Mount[];
  /** Are run before the others, and must succeed. */
  readonly first?: readonly Command[];
}

/** Runs commands in one container. @returns their results, in the same order */
export async function runCommands(
  commands: readonly Command[],
  { mounts = [], first = [] }: CommandsOptions = {},
): Promise<CommandResult[]> {
  const [firstResults = [], results = []] = await runBatches([first, commands], mounts);
  const failed = firstResults.find(({ exitCode }) => exitCode !== 0);
  if (failed) throw new Error(`A command that comes first has failed: ${failed.stderr}`);
  return results;
}

async function runBatches(batches: Batches, mounts: readonly Mount[]): Promise<CommandResult[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'octet-commands-'));
  try {
    const path = join(folder, 'batches.json');
    writeFileSync(path, JSON.stringify(batches));
    const { exitCode, stdout, stderr } = await inImage(['node', RUNNER.to, BATCHES_PATH], {
      mounts: [RUNNER, { from: path, to: BATCHES_PATH }, ...mounts],
    });
    if (exitCode !== 0) throw new Error(`The commands were not run: ${stderr}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a command has asked of the driver, for each encoder that it has opened. */
export function askedBy(result: CommandResult | undefined): AskedEncoder[] {
  return (result?.asked ?? []).map((line): AskedEncoder => JSON.parse(line));
}
