import type { JobDetail } from '@aws-sdk/client-batch';
import { type BatchStateChangeEvent, stateChangeEvent } from './event.ts';
import { describeJob } from './job-detail.ts';
import { hasEnded, type JobRecord } from './job-record.ts';
import type { JobTable } from './job-table.ts';

/** Sends the events of each job in their order. An event of a job's end that was not taken is sent again at start. */
export class EventOutbox {
  readonly #jobs: JobTable;
  readonly #onEvent: (event: BatchStateChangeEvent) => Promise<void>;
  readonly #log: (line: string) => void;
  /** By job id: what resolves when all events so far are sent. */
  readonly #sending = new Map<string, Promise<void>>();
  #isStopped = false;

  constructor(
    jobs: JobTable,
    onEvent: (event: BatchStateChangeEvent) => Promise<void>,
    log: (line: string) => void,
  ) {
    this.#jobs = jobs;
    this.#onEvent = onEvent;
    this.#log = log;
  }

  send(job: JobRecord): void {
    const detail = JSON.parse(JSON.stringify(describeJob(job, this.#jobs))) as JobDetail;
    const event = stateChangeEvent(job.jobId, detail, Date.now());
    const before = this.#sending.get(job.jobId) ?? Promise.resolve();
    const sending = before.then(() => this.#deliver(job, event));
    this.#sending.set(job.jobId, sending);
    void sending.then(() => {
      if (this.#sending.get(job.jobId) === sending) this.#sending.delete(job.jobId);
    });
  }

  /** Sends what an earlier run still owed. */
  resend(): void {
    for (const job of this.#jobs.all()) if (hasEnded(job) && !job.eventDelivered) this.send(job);
  }

  /** Waits for events on their way, and sends no other. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#sending.values());
  }

  async #deliver(job: JobRecord, event: BatchStateChangeEvent): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.#onEvent(event);
      if (hasEnded(job)) this.#jobs.change(job.jobId, { eventDelivered: true });
    } catch (error) {
      this.#log(`batch: the event ${job.status} of job ${job.jobId} was not taken: ${String(error)}`);
    }
  }
}
