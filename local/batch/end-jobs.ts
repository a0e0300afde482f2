import * as v from 'valibot';
import { parseInput } from '../aws-json.ts';
import { clientError } from './client-error.ts';
import { hasEnded, type JobRecord } from './job-record.ts';
import type { JobTable } from './job-table.ts';
import { ended } from './outcome.ts';
import type { Runner } from './runner.ts';

type By = 'cancel' | 'terminate';

const endJobSchema = v.strictObject({ jobId: v.string(), reason: v.pipe(v.string(), v.minLength(1)) });

/**
 * CancelJob, which ends only what has not started, and TerminateJob, which also ends workers. An array's parent stands
 * for its children. A job that has ended is left as it is, without an error.
 */
export function endJob(by: By, body: unknown, jobs: JobTable, runner: Runner): object {
  const { jobId, reason } = parseInput(endJobSchema, body, 'ClientException');
  const job = jobs.get(jobId);
  if (job === undefined) throw clientError(`Job ${jobId} does not exist`);
  const termination = { reason, by };
  if (job.arraySize !== undefined && !hasEnded(job)) jobs.change(jobId, { termination });
  const parts = job.arraySize === undefined ? [job] : jobs.childrenOf(job);
  for (const part of parts) if (!hasEnded(part)) endOne(part, termination, jobs, runner);
  return {};
}

function endOne(
  job: JobRecord,
  termination: { reason: string; by: By },
  jobs: JobTable,
  runner: Runner,
): void {
  const hasStarted = job.status === 'STARTING' || job.status === 'RUNNING';
  if (!hasStarted)
    jobs.change(job.jobId, { termination, ...ended('FAILED', termination.reason, Date.now()) });
  else if (termination.by === 'terminate') {
    if (job.termination === undefined) jobs.change(job.jobId, { termination });
    runner.terminate(job.jobId);
  }
}
