import { afterChildren } from './array-jobs.ts';
import { readinessOf } from './dependencies.ts';
import type { JobRecord } from './job-record.ts';
import type { JobTable } from './job-table.ts';
import type { LocalBatchOptions } from './options.ts';
import { ended } from './outcome.ts';
import type { Runner } from './runner.ts';

/** Moves jobs on: first come, first served, as many at once as their queue has slots. */
export class Scheduler {
  readonly #jobs: JobTable;
  readonly #runner: Runner;
  readonly #queues: LocalBatchOptions['queues'];
  #pass: NodeJS.Immediate | undefined;
  #isClosed = false;

  constructor(jobs: JobTable, runner: Runner, queues: LocalBatchOptions['queues']) {
    this.#jobs = jobs;
    this.#runner = runner;
    this.#queues = queues;
  }

  /** Has all jobs looked at soon, once for many calls. */
  wake(): void {
    if (this.#isClosed) return;
    this.#pass ??= setImmediate(() => {
      this.#pass = undefined;
      for (const job of this.#jobs.live()) this.#advance(job);
    });
  }

  close(): void {
    this.#isClosed = true;
    clearImmediate(this.#pass);
  }

  #advance(job: JobRecord): void {
    if (job.arraySize !== undefined) this.#advanceArray(job);
    else if (job.status === 'RUNNABLE') this.#startIfFree(job);
    else if (job.status === 'SUBMITTED' || job.status === 'PENDING') this.#advanceWaiting(job);
  }

  #advanceArray(parent: JobRecord): void {
    const changes = afterChildren(parent, this.#jobs.childrenOf(parent), Date.now());
    if (changes !== undefined) this.#jobs.change(parent.jobId, changes);
  }

  #advanceWaiting(job: JobRecord): void {
    const readiness = readinessOf(job, (id) => this.#jobs.get(id));
    if (readiness === 'failed')
      this.#jobs.change(job.jobId, ended('FAILED', 'Dependent Job failed', Date.now()));
    else if (readiness === 'ready') this.#startIfFree(this.#jobs.change(job.jobId, { status: 'RUNNABLE' }));
    else if (job.status === 'SUBMITTED') this.#jobs.change(job.jobId, { status: 'PENDING' });
  }

  #startIfFree(job: JobRecord): void {
    const slots = this.#queues[job.queue]?.slots ?? 0;
    if (this.#runner.countIn(job.queue) < slots) this.#runner.start(job);
  }
}
