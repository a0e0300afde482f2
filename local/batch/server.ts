import { answering, operationNamed, parseInput } from '../aws-json.ts';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';
import { endJob } from './end-jobs.ts';
import { EventOutbox } from './event-outbox.ts';
import { JobFiles } from './job-files.ts';
import { JobTable } from './job-table.ts';
import type { LocalBatchOptions } from './options.ts';
import { describeJobs, listJobs } from './read-jobs.ts';
import { restoreJobs } from './restore.ts';
import { Runner } from './runner.ts';
import { Scheduler } from './scheduler.ts';
import { clearScratch } from './scratch.ts';
import { submitJob } from './submit.ts';
import { retryStrategySchema } from './submit-input.ts';
import { limitRate } from './submit-rate.ts';
import { endAttempts, killWorkers } from './take-over.ts';

export type { BatchStateChangeEvent } from './event.ts';
export type { LocalBatchOptions, LocalJobDefinition } from './options.ts';

/** https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
const ACCOUNT_RATE = 50;

export interface LocalBatch extends LocalServer {
  /**
   * Stops answering, starting workers and sending events. Workers go on by themselves, and the next start on the same
   * folder kills and retries them.
   *
   * @param options.endWorkers ends them now: SIGTERM, then SIGKILL after their definition's grace. @default false
   */
  close(options?: { readonly endWorkers?: boolean }): Promise<void>;
}

/**
 * Batch on one machine: queues with slots, and workers that are processes. Takes up the jobs of an earlier run on the
 * same folder. Workers are started and events are sent from the turn of the event loop after this resolves.
 *
 * @throws Error when a definition's retry strategy is not valid
 */
export async function startBatch(options: LocalBatchOptions): Promise<LocalBatch> {
  const { log = console.error, queues, jobDefinitions } = options;
  for (const { retryStrategy = {} } of Object.values(jobDefinitions))
    parseInput(retryStrategySchema, retryStrategy, 'ClientException');

  const files = new JobFiles(options.dataDir);
  const jobs = new JobTable(files, restoreJobs(files, Date.now(), log));
  const interrupted = await killWorkers(jobs, log);
  clearScratch(Object.values(jobDefinitions));
  const runner = new Runner(jobs, files, jobDefinitions);
  const scheduler = new Scheduler(jobs, runner, queues);
  const outbox = new EventOutbox(jobs, (event) => options.onEvent(event), log);

  const checkRate = limitRate(options.submitsPerSecond ?? ACCOUNT_RATE);
  const operations = {
    submitjob: (body: unknown) => {
      checkRate();
      return submitJob(body, jobs, options);
    },
    describejobs: (body: unknown) => describeJobs(body, jobs),
    listjobs: (body: unknown) => listJobs(body, jobs, queues),
    canceljob: (body: unknown) => endJob('cancel', body, jobs, runner),
    terminatejob: (body: unknown) => endJob('terminate', body, jobs, runner),
  };
  const service = { id: 'batch', title: 'Batch', operations };
  const route = (url = '') => operationNamed(service, url.replace(/^\/v1\//, ''));
  const server = await listenOnLoopback(
    answering('application/json', (request) => route(request.url)),
    options.port,
  );

  jobs.onStatus((job) => outbox.send(job));
  jobs.onStatus(() => scheduler.wake());
  const begin = setImmediate(() => {
    outbox.resend();
    endAttempts(interrupted, jobs);
    scheduler.wake();
  });
  return {
    ...server,
    async close({ endWorkers = false } = {}) {
      clearImmediate(begin);
      scheduler.close();
      await Promise.all([server.close(), runner.close(endWorkers), outbox.stop()]);
    },
  };
}
