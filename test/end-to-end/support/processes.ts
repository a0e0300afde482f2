import { WORKER_ENV } from '../../../domain/environment.ts';
import { fileFromProc, pidsFromProc, statOf } from '../../../local/processes.ts';
import type { Service } from './service.ts';

/** A process as /proc shows it: see proc(5). */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** One `NAME=value` after the other. */
  readonly environment: string;
}

/** The worker of a job, while it runs. */
export function workerOf(jobId: string): RunningProcess | undefined {
  return processesOf(jobId).find(({ command }) => command.includes('worker.mjs'));
}

/** The ffmpeg that encodes a job, while it runs. */
export function encoderOf(jobId: string): RunningProcess | undefined {
  return processesOf(jobId).find(({ command }) => command.includes('-progress'));
}

/** All that runs for a job. */
export function processesOf(jobId: string): RunningProcess[] {
  return processes().filter(({ environment }) => environment.includes(`${WORKER_ENV.jobId}=${jobId}`));
}

/** A service's process, and all that it has started. */
export function processesIn({ endpoints: { pid } }: Service): RunningProcess[] {
  const all = processes();
  const family = all.filter((process) => process.pid === pid);
  // The list grows while it is gone through.
  for (const parent of family) family.push(...all.filter((process) => process.parent === parent.pid));
  return family;
}

/** Those of some processes that have not ended. */
export function stillRunning(some: readonly RunningProcess[]): RunningProcess[] {
  const all = processes();
  return some.filter(({ pid, command }) =>
    all.some((process) => process.pid === pid && process.command === command),
  );
}

/** Without those that have died and wait for their parent, which have no command any more. */
function processes(): RunningProcess[] {
  return pidsFromProc()
    .map((pid) => ({
      pid,
      parent: Number(statOf(pid)[1]),
      command: wordsOf(pid, 'cmdline'),
      environment: wordsOf(pid, 'environ'),
    }))
    .filter(({ command }) => command !== '');
}

function wordsOf(pid: number, file: 'cmdline' | 'environ'): string {
  return fileFromProc(pid, file).replaceAll('\0', ' ');
}
