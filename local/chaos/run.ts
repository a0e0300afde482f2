import { setTimeout as delay } from 'node:timers/promises';
import type { JobRecord } from '../../domain/job/job-record.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import { NAMES } from '../resources.ts';
import { Bucket } from './bucket.ts';
import { checkJobs } from './check-jobs.ts';
import { checkFiles, checkPieces, checkProcesses, checkRemains } from './check-remains.ts';
import { Client } from './client.ts';
import { Findings } from './findings.ts';
import { jobSpecs } from './job-specs.ts';
import type { ChaosOptions } from './options.ts';
import { type Posted, postJobs } from './post-jobs.ts';
import { type Result, resultOf } from './result.ts';
import type { Stage } from './stage.ts';
import { EndedJobs, isSettled, storedJobs } from './stored-jobs.ts';

const SECOND = 1000;

/** How long a run may take, and at which part of it faults end at the latest. */
const limitMs = (jobs: number) => (120 + 3 * jobs) * SECOND;
const FAULTS_UNTIL = 0.7;

/** Part of the jobs that must have ended before faults do. */
const ENDED_UNDER_FAULTS = 0.9;

/** One run: its jobs, what was seen of them, and what was found. */
export class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #stage: Stage;
  readonly #say: (text: string) => void;
  readonly #posted: Posted = { accepted: [], asked: new Map(), cancelled: new Set() };
  readonly #ended = new EndedJobs();
  readonly #findings = new Findings();
  readonly #begun = Date.now();
  #stored: JobRecord[] = [];

  constructor(options: ChaosOptions, stage: Stage, say: (text: string) => void) {
    this.#options = options;
    this.#stage = stage;
    this.#say = say;
  }

  /** @throws Error when a job is never accepted */
  async run(): Promise<{ readonly result: Result; readonly problems: readonly string[] }> {
    await this.#work();
    this.#stage.calm();
    this.#say(`${this.#progress()}; faults are over`);
    await this.#until(1, () => this.#isSettled());
    await this.#check();
    await this.#stage.service.stop();
    checkProcesses(this.#stage.workers, this.#findings);
    return {
      result: resultOf(this.#posted.accepted, this.#stored, this.#findings),
      problems: this.#findings.lines,
    };
  }

  /** Posts all jobs, and waits while faults go on until most have ended. */
  async #work(): Promise<void> {
    const { service, inputs, receivers } = this.#stage;
    const { seed, jobs } = this.#options;
    const signal = AbortSignal.timeout(limitMs(jobs));
    const client = new Client({ service, inputs, receivers, signal });
    const posting = postJobs(jobSpecs(seed, jobs), client, this.#posted, signal);
    let isPosted = false;
    const posted = posting.then(() => {
      isPosted = true;
    });
    const most = () =>
      this.#stored.filter(({ status }) => hasEnded(status)).length >= jobs * ENDED_UNDER_FAULTS;
    await Promise.all([posted, this.#until(FAULTS_UNTIL, () => isPosted && most())]);
  }

  /** Looks at the jobs again and again until a condition holds. @param part of the limit after which it does not matter */
  async #until(part: number, condition: () => boolean): Promise<void> {
    const { jobs } = this.#options;
    const deadline = this.#begun + part * limitMs(jobs);
    let said = Date.now();
    do {
      await delay(SECOND + 10 * jobs);
      await this.#look();
      if (Date.now() - said > 15 * SECOND) {
        said = Date.now();
        this.#say(this.#progress());
      }
    } while (!condition() && Date.now() < deadline);
  }

  async #look(): Promise<void> {
    await this.#stage.service.ready;
    try {
      this.#stored = await storedJobs(await this.#stage.proxies.targetOf('dynamodb'));
      this.#ended.note(this.#stored);
    } catch (error) {
      // It may have been killed just now.
      if (Date.now() - this.#begun > limitMs(this.#options.jobs)) throw error;
    }
  }

  #isSettled(): boolean {
    return this.#stored.every(isSettled) && this.#stage.workers.live().length === 0;
  }

  async #check(): Promise<void> {
    const { service, proxies, receivers, workers, folder } = this.#stage;
    const [stored, ended, findings] = [this.#stored, this.#ended, this.#findings];
    checkJobs({ posted: this.#posted, stored, ended, receivers, proxies }, findings);
    checkRemains(folder, workers, stored, findings);
    const [endpoint, { creds }] = await Promise.all([proxies.targetOf('s3'), service.ready]);
    const bucket = new Bucket(NAMES.bucket, endpoint, creds);
    const scratch = new Bucket(NAMES.scratchBucket, endpoint, creds);
    try {
      await checkFiles(bucket, stored, findings);
      await checkPieces(scratch, workers, stored, findings);
    } finally {
      bucket.close();
      scratch.close();
    }
  }

  /** How often each code ended a job. */
  get errors(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { error } of this.#stored) {
      if (error !== undefined) counts[error.code] = (counts[error.code] ?? 0) + 1;
    }
    return counts;
  }

  #progress(): string {
    const seconds = Math.round((Date.now() - this.#begun) / SECOND);
    const ended = this.#stored.filter(({ status }) => hasEnded(status)).length;
    const { service, workers } = this.#stage;
    const kills = `${workers.kills} workers and ${service.kills} times the service were killed`;
    return `${seconds} s: ${this.#posted.accepted.length} accepted, ${this.#stored.length} stored, ${ended} ended; ${kills}`;
  }
}
