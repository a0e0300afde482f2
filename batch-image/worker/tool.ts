import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { HostUnfitError } from './host-unfit-error.ts';

/** ffmpeg or ffprobe ended with another exit code than 0, or by a signal. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly exitCode: number | undefined;
  /** The last lines of standard error. */
  readonly lines: readonly string[];

  constructor(program: string, exitCode: number | undefined, lines: readonly string[]) {
    super(`${program} ended with ${exitCode ?? 'a signal'}: ${lines.slice(-3).join(' / ')}`);
    this.exitCode = exitCode;
    this.lines = lines;
  }
}

export interface ToolOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Kills the process. */
  readonly signal: AbortSignal;
  /** Hears each line of standard output; without it they are returned. */
  readonly onLine?: (line: string) => void;
}

export interface ToolOutput {
  readonly stdout: string;
  /** The last lines of standard error: warnings, as the process succeeded. */
  readonly warnings: readonly string[];
}

const KEPT_LINES = 50;

/**
 * Runs ffmpeg or ffprobe to its end.
 *
 * @throws ToolError; HostUnfitError when something else has killed it; the signal's reason
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { environment, signal, onLine }: ToolOptions,
): Promise<ToolOutput> {
  signal.throwIfAborted();
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  // What an encoder has half written is of no use, so there is nothing to wait for.
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const output: string[] = [];
  const warnings: string[] = [];
  createInterface({ input: child.stdout }).on('line', onLine ?? ((line) => output.push(line)));
  createInterface({ input: child.stderr }).on('line', (line) => {
    warnings.push(line);
    if (warnings.length > KEPT_LINES) warnings.shift();
  });
  try {
    const [exitCode, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal.throwIfAborted();
    // The kernel does it when memory is short, and nobody else.
    if (killedBy === 'SIGKILL') throw new HostUnfitError(`${program} was killed.`);
    if (exitCode !== 0) throw new ToolError(program, exitCode ?? undefined, warnings);
    return { stdout: output.join('\n'), warnings };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
