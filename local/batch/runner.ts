import { type Attempt, cannotStart, startAttempt } from './attempt.ts';
import type { JobFiles } from './job-files.ts';
import { type JobRecord, logStreamName } from './job-record.ts';
import type { JobTable } from './job-table.ts';
import type { LocalBatchOptions, LocalJobDefinition } from './options.ts';
import { afterAttempt, ended } from './outcome.ts';
import type { AttemptEnding } from './retry-rules.ts';
import { createScratch } from './scratch.ts';
import { workerEnvironment } from './worker-environment.ts';

/** Containers get 30 seconds: https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html */
const defaultGraceSeconds = 30;

/** Starts and ends workers, and writes down what became of them. */
export class Runner {
  readonly #jobs: JobTable;
  readonly #files: JobFiles;
  readonly #definitions: LocalBatchOptions['jobDefinitions'];
  readonly #running = new Map<string, Attempt>();
  #isClosed = false;

  constructor(jobs: JobTable, files: JobFiles, definitions: LocalBatchOptions['jobDefinitions']) {
    this.#jobs = jobs;
    this.#files = files;
    this.#definitions = definitions;
  }

  /** How many workers the queue has now. */
  countIn(queue: string): number {
    return [...this.#running.keys()].filter((id) => this.#jobs.get(id)?.queue === queue).length;
  }

  start(job: JobRecord): void {
    const definition = this.#definitions[job.definition];
    if (definition === undefined) {
      const reason = `JobDefinition ${job.definition} does not exist any more`;
      this.#jobs.change(job.jobId, ended('FAILED', reason, Date.now()));
      return;
    }
    this.#jobs.change(job.jobId, { status: 'STARTING', statusReason: undefined, startedAt: undefined });
    try {
      const attempt = this.#spawn(job, definition);
      this.#running.set(job.jobId, attempt);
      const { process } = attempt;
      if (process !== undefined)
        this.#jobs.change(job.jobId, { status: 'RUNNING', startedAt: Date.now(), process });
      void attempt.ended.then((ending) => this.#finish(job.jobId, ending));
    } catch (error) {
      this.#finish(job.jobId, cannotStart(error));
    }
  }

  /** Ends the job's worker, if it has one. */
  terminate(jobId: string): void {
    this.#running.get(jobId)?.terminate();
  }

  /**
   * Takes no notice of workers any more: the next start finds their jobs as running and deals with them.
   *
   * @param endWorkers also ends them, and waits for it
   */
  async close(endWorkers: boolean): Promise<void> {
    this.#isClosed = true;
    const attempts = [...this.#running.values()];
    for (const attempt of attempts) {
      if (endWorkers) attempt.terminate();
      else attempt.abandon();
    }
    if (endWorkers) await Promise.all(attempts.map((attempt) => attempt.ended));
  }

  #spawn(job: JobRecord, definition: LocalJobDefinition): Attempt {
    const scratch = createScratch(job, definition);
    return startAttempt({
      command: job.overrides.command ?? definition.command,
      environment: { ...workerEnvironment(job, definition.environment()), ...scratch.environment },
      logFile: this.#files.logFile(logStreamName(job)),
      timeout: job.timeout,
      grace: definition.terminationGraceSeconds ?? defaultGraceSeconds,
      onGone: scratch.remove,
    });
  }

  #finish(jobId: string, ending: AttemptEnding): void {
    if (this.#isClosed) return;
    this.#running.delete(jobId);
    const job = this.#jobs.get(jobId);
    if (job !== undefined) this.#jobs.change(jobId, afterAttempt(job, ending, Date.now()));
  }
}
