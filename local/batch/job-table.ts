import type { JobFiles } from './job-files.ts';
import { hasEnded, type JobRecord } from './job-record.ts';
import { childId } from './names.ts';

export type JobListener = (job: JobRecord) => void;

/** The jobs in memory and on disk. Every change is on disk before anybody hears of it. */
export class JobTable {
  readonly #files: JobFiles;
  readonly #jobs = new Map<string, JobRecord>();
  /** Ids of jobs that have not ended, in the order of their submission. */
  readonly #live = new Set<string>();
  readonly #listeners: JobListener[] = [];
  #sequence = 0;

  constructor(files: JobFiles, jobs: readonly JobRecord[]) {
    this.#files = files;
    for (const job of jobs) this.#keep(job);
  }

  /** Told of every job whose status changes, new ones too. */
  onStatus(listener: JobListener): void {
    this.#listeners.push(listener);
  }

  nextSequence(): number {
    return this.#sequence + 1;
  }

  get(jobId: string): JobRecord | undefined {
    return this.#jobs.get(jobId);
  }

  all(): JobRecord[] {
    return [...this.#jobs.values()];
  }

  live(): JobRecord[] {
    return [...this.#live].flatMap((id) => this.#jobs.get(id) ?? []);
  }

  /** The children of an array, by index; none for another job. */
  childrenOf(job: JobRecord): JobRecord[] {
    const indexes = Array.from({ length: job.arraySize ?? 0 }, (_, index) => index);
    return indexes.flatMap((index) => this.#jobs.get(childId(job.jobId, index)) ?? []);
  }

  /** Takes new jobs: an array's parent must come after its children, since only its file makes the array count. */
  add(jobs: readonly JobRecord[]): void {
    for (const job of jobs) this.#files.write(job);
    for (const job of jobs) this.#keep(job);
    for (const job of jobs) this.#tell(job);
  }

  /** Changes a job; its listeners hear of it when the status is another. */
  change(jobId: string, changes: Partial<JobRecord>): JobRecord {
    const before = this.#jobs.get(jobId);
    if (before === undefined) throw new Error(`There is no job ${jobId}`);
    const after = { ...before, ...changes };
    this.#files.write(after);
    this.#keep(after);
    if (after.status !== before.status) this.#tell(after);
    return after;
  }

  #keep(job: JobRecord): void {
    this.#jobs.set(job.jobId, job);
    this.#sequence = Math.max(this.#sequence, job.sequence);
    if (hasEnded(job)) this.#live.delete(job.jobId);
    else this.#live.add(job.jobId);
  }

  #tell(job: JobRecord): void {
    for (const listener of this.#listeners) listener(job);
  }
}
