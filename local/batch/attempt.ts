import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { endGroup, identityOf, killGroup, type ProcessIdentity, terminateLeader } from './process-group.ts';
import type { AttemptEnding } from './retry-rules.ts';

export interface AttemptOptions {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Takes standard output and standard error. */
  readonly logFile: string;
  /** Seconds. @default no limit */
  readonly timeout?: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly grace: number;
  /** Called when the worker and its group are gone. */
  readonly onGone: () => void;
}

/** A worker process and its process group. */
export interface Attempt {
  /** Undefined when the process could not be started. */
  readonly process: ProcessIdentity | undefined;
  /** Resolves when the worker is gone and the rest of its group has been killed. */
  readonly ended: Promise<AttemptEnding>;
  /** SIGTERM, then SIGKILL for the group when the grace is over. */
  terminate(): void;
  /** Leaves the worker to itself: no timeout any more. */
  abandon(): void;
}

/** What Batch writes for a container that ends by itself, well or badly. */
const exited = 'Essential container in task exited';

const timedOut: AttemptEnding = { statusReason: 'Job attempt duration exceeded timeout', isFinal: true };

/** The longest that a timer of Node can wait: 24.8 days. */
const longestTimer = 2 ** 31 - 1;

export function startAttempt(options: AttemptOptions): Attempt {
  const child = spawnWorker(options);
  const { pid } = child;
  let isLate = false;
  let kill: NodeJS.Timeout | undefined;

  const terminate = () => {
    const isGone = child.exitCode !== null || child.signalCode !== null;
    if (pid === undefined || isGone || kill !== undefined) return;
    terminateLeader(pid);
    kill = setTimeout(() => killGroup(pid), options.grace * 1000);
  };
  const expire = () => {
    isLate = kill === undefined;
    terminate();
  };
  const limit = options.timeout;
  const timer = limit === undefined ? undefined : setTimeout(expire, Math.min(limit * 1000, longestTimer));
  const abandon = () => {
    clearTimeout(timer);
    clearTimeout(kill);
  };

  const ended = endOf(child).then(async (ending) => {
    abandon();
    if (pid !== undefined) await endGroup(pid);
    options.onGone();
    return isLate ? { ...ending, ...timedOut } : ending;
  });
  return { process: pid === undefined ? undefined : identityOf(pid), ended, terminate, abandon };
}

function spawnWorker({
  command: [program = '', ...args],
  environment,
  logFile,
}: AttemptOptions): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(program, args, { env: environment, detached: true, stdio: ['ignore', log, log] });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

function endOf(child: ChildProcess): Promise<AttemptEnding> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve(cannotStart(error));
    });
    child.once('exit', (code, signal) => {
      const exitCode = signal === null ? (code ?? 0) : 128 + constants.signals[signal];
      resolve({ statusReason: exited, exitCode });
    });
  });
}

/** A worker for which there is no process at all. */
export function cannotStart(error: unknown): AttemptEnding {
  const text = error instanceof Error ? error.message : String(error);
  return { statusReason: 'Task failed to start', reason: `CannotStartContainerError: ${text}` };
}
