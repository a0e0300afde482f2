import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseBatchJobName } from '../../domain/batch/job-name.ts';
import { JobFiles } from '../batch/job-files.ts';
import { hasEnded, type JobRecord } from '../batch/job-record.ts';
import { isRunning, killGroup, terminateLeader } from '../batch/process-group.ts';
import { fileFromProc, pidsFromProc } from '../processes.ts';
import type { Call } from './forward.ts';

/** The workers of a data folder, as Batch has written them down. */
export class Workers {
  readonly #files: JobFiles;
  readonly #folder: string;
  /** How many were killed. */
  kills = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#files = new JobFiles(join(folder, 'batch'));
  }

  /** Batch's jobs that have not ended. */
  live(): JobRecord[] {
    // A file that is just being replaced is whole again the next time.
    return this.#files.load(() => {}).filter((job) => !hasEnded(job));
  }

  /** Whether the worker of a Batch job has come to its end. */
  hasSucceeded(batchJobId: string | undefined): boolean {
    return this.#files
      .load(() => {})
      .some(({ jobId, status }) => jobId === batchJobId && status === 'SUCCEEDED');
  }

  /**
   * Kills a worker of the job that a call names, with its whole group; where the job has none at the moment, nobody. Where
   * it names none, any.
   */
  kill(signal: 'SIGKILL' | 'SIGTERM', { body }: Call): void {
    const [jobId] = /(?<="job#)[\w-]+/.exec(String(body)) ?? [];
    const running = this.live().filter(({ process }) => process !== undefined && isRunning(process));
    const job = running.find(
      ({ jobName }) => jobId === undefined || parseBatchJobName(jobName)?.jobId === jobId,
    );
    if (job?.process === undefined) return;
    this.kills += 1;
    if (signal === 'SIGKILL') killGroup(job.process.pid);
    else terminateLeader(job.process.pid);
  }

  /** The files in the folders of workers. */
  scratchFiles(): string[] {
    return filesBelow(join(this.#folder, 'scratch'));
  }

  /** What runs with the folder in its environment or its command line; it is told on Linux alone. */
  processes(): string[] {
    const pids = pidsFromProc().filter((pid) => pid !== process.pid);
    const commands = pids.map(
      (pid) => [pid, fileFromProc(pid, 'cmdline'), fileFromProc(pid, 'environ')] as const,
    );
    const ours = commands.filter(([, ...texts]) => texts.some((text) => text.includes(this.#folder)));
    return ours.map(([pid, command]) => `${pid} ${command.replaceAll('\0', ' ').slice(0, 100)}`);
  }
}

/** The paths of all files below a folder; none where there is no such folder. */
export function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    return [];
  }
}
