import type { JobRecord } from '../../domain/job/job-record.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import type { EndWatch } from './end-watch.ts';
import type { Findings } from './findings.ts';
import { isFitting, type JobSpec } from './job-specs.ts';
import type { AcceptedJob } from './post-jobs.ts';
import type { Receipt, Receivers } from './receivers.ts';
import type { EndedJobs } from './stored-jobs.ts';

/** What was seen of jobs from outside. */
export interface Seen {
  readonly accepted: readonly AcceptedJob[];
  /** By its tag: every job that was asked for. */
  readonly asked: ReadonlyMap<string, JobSpec>;
  readonly stored: readonly JobRecord[];
  readonly ends: EndWatch;
  readonly ended: EndedJobs;
  readonly receivers: Receivers;
}

/** Looks for jobs that were lost, that ended twice or in a wrong way, and whose owners have not heard. */
export function checkJobs(
  { accepted, asked, stored, ends, ended, receivers }: Seen,
  findings: Findings,
): void {
  const known = new Set(stored.map(({ job_id }) => job_id));
  for (const { jobId, spec } of accepted) {
    if (!known.has(jobId)) findings.add('lost', `${jobId} (${spec.input}) was accepted and is not stored`);
  }
  for (const job of stored) {
    const { job_id, status, error, attention } = job;
    if (!hasEnded(status)) {
      findings.add('lost', `${job_id} is ${status}, and ${attention ?? 'nothing'} is to be done for it`);
      continue;
    }
    const times = ends.timesOf(job_id);
    if (times > 1) findings.add('settled_twice', `${job_id} ended ${times} times`);
    if (ended.changed.has(job_id)) findings.add('settled_twice', `${job_id} changed after its end`);
    checkEnding(job, asked.get(tagOf(job)), findings);
    const wrong = wrongWithCallbacks(
      status,
      receivers.receipts.filter(({ jobId }) => jobId === job_id),
    );
    if (wrong !== undefined) {
      const text = `${job_id} (${status} ${error?.code ?? ''}, callback ${job.callback_status}): ${wrong}`;
      findings.add('callbacks_missing', text);
    }
  }
  if (receivers.astray > 0)
    findings.add('callbacks_missing', `${receivers.astray} callbacks were redirected`);
}

function checkEnding(
  { job_id, status, error }: JobRecord,
  spec: JobSpec | undefined,
  findings: Findings,
): void {
  if (spec === undefined) findings.add('unfitting', `${job_id} was never asked for`);
  else if (!isFitting(spec, error?.code)) {
    const end = [status, error?.code, error?.message].join(' ');
    findings.add('unfitting', `${job_id} with an input that is ${spec.input} ended: ${end}`);
  }
}

/** The tag of a job is the folder that its files go to. */
export function tagOf({ outputs }: JobRecord): string {
  return outputs[0]?.dest_path.split('/')[0] ?? '';
}

/** @returns undefined when all is well */
function wrongWithCallbacks(status: string, receipts: readonly Receipt[]): string | undefined {
  if (receipts.length === 0) return 'none ever came';
  if (!receipts.some(({ isTaken }) => isTaken)) return `none came after ${receipts.length} that were refused`;
  if (receipts.some(({ isSigned }) => !isSigned)) return 'one was not signed';
  if (receipts.some((receipt) => receipt.status !== status)) return 'one told of another status';
  const ids = new Set(receipts.map(({ webhookId }) => webhookId));
  return ids.size > 1 ? `they came under ${ids.size} ids` : undefined;
}
