import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobRecord } from './job-record.ts';

/** One JSON file a job. Writing is synchronous: a job's changes reach the disk in the order in which they happen. */
export class JobFiles {
  readonly #jobs: string;
  readonly #logs: string;

  constructor(dataDir: string) {
    this.#jobs = join(dataDir, 'jobs');
    this.#logs = join(dataDir, 'logs');
    mkdirSync(this.#jobs, { recursive: true });
  }

  /** All jobs, the oldest first. A file that cannot be read is reported and left alone. */
  load(log: (line: string) => void): JobRecord[] {
    const names = readdirSync(this.#jobs).filter((name) => name.endsWith('.json'));
    const records = names.flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(this.#jobs, name), 'utf8')) as JobRecord];
      } catch (error) {
        log(`batch: the job file ${name} cannot be read: ${String(error)}`);
        return [];
      }
    });
    return records.sort((a, b) => a.sequence - b.sequence);
  }

  /** Replaces the job's file in one step. */
  write(job: JobRecord): void {
    const path = this.#path(job.jobId);
    writeFileSync(`${path}.new`, JSON.stringify(job));
    renameSync(`${path}.new`, path);
  }

  /** Removes the job and what its attempts wrote. */
  remove(jobId: string): void {
    rmSync(this.#path(jobId), { force: true });
    rmSync(join(this.#logs, jobId), { recursive: true, force: true });
  }

  logFile(streamName: string): string {
    return join(this.#logs, streamName);
  }

  #path(jobId: string): string {
    return join(this.#jobs, `${jobId}.json`);
  }
}
