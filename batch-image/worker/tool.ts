import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
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

/** What ffprobe has to say of a file, which may hold titles as long as it likes. */
const MOST_OUTPUT = 8 * 1024 * 1024;
const TOO_LONG = 'Its output is too long.';

/** Keeps what a program prints, as long as it is not too much. */
class KeptOutput {
  readonly #chunks: Buffer[] = [];
  #length = 0;
  isTooLong = false;

  /** @param end is called when it is */
  constructor(stream: Readable, end: () => void) {
    stream.on('data', (chunk: Buffer) => {
      this.#length += chunk.length;
      this.isTooLong = this.#length > MOST_OUTPUT;
      if (this.isTooLong) end();
      else this.#chunks.push(chunk);
    });
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString().replace(/\n$/, '');
  }
}

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
  const warnings: string[] = [];
  const output = onLine ? undefined : new KeptOutput(child.stdout, kill);
  if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', (line) => {
    warnings.push(line);
    if (warnings.length > KEPT_LINES) warnings.shift();
  });
  try {
    const [exitCode, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal.throwIfAborted();
    if (output?.isTooLong) throw new ToolError(program, undefined, [TOO_LONG]);
    // The kernel does it when memory is short, and nobody else.
    if (killedBy === 'SIGKILL') throw new HostUnfitError(`${program} was killed.`);
    if (exitCode !== 0) throw new ToolError(program, exitCode ?? undefined, warnings);
    return { stdout: output?.text ?? '', warnings };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
