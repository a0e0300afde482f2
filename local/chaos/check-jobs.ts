import type { JobRecord } from '../../domain/job/job-record.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import type { Findings } from './findings.ts';
import { isFitting, type JobSpec } from './job-specs.ts';
import type { Posted } from './post-jobs.ts';
import type { Proxies } from './proxies.ts';
import type { Receipt, Receivers } from './receivers.ts';
import type { EndedJobs } from './stored-jobs.ts';

/** What was seen of jobs from outside. */
export interface Seen {
  readonly posted: Posted;
  readonly stored: readonly JobRecord[];
  readonly proxies: Pick<Proxies, 'ends' | 'callbacks'>;
  readonly ended: EndedJobs;
  readonly receivers: Receivers;
}

/** Looks for jobs that were lost or doubled, that ended twice or in a wrong way, and whose owners have not heard. */
export function checkJobs(seen: Seen, findings: Findings): void {
  const { posted, stored, proxies, ended, receivers } = seen;
  checkAccepted(seen, findings);
  for (const job of stored) {
    const { job_id, status, error, attention } = job;
    if (!hasEnded(status)) {
      findings.add('lost', `${job_id} is ${status}, and ${attention ?? 'nothing'} is to be done for it`);
      continue;
    }
    const times = proxies.ends.timesOf(job_id);
    if (times > 1) findings.add('settled_twice', `${job_id} ended ${times} times`);
    if (ended.changed.has(job_id)) findings.add('settled_twice', `${job_id} changed after its end`);
    checkEnding(job, posted, findings);
    if (proxies.callbacks.early.has(job_id))
      findings.add('callbacks_missing', `${job_id} was marked as queued before it was`);
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

/** Looks for accepted jobs that are not there, and for those that are there twice. */
function checkAccepted({ posted: { accepted, asked }, stored }: Seen, findings: Findings): void {
  const known = new Set(stored.map(({ job_id }) => job_id));
  for (const { jobId, spec } of accepted) {
    if (!known.has(jobId)) findings.add('lost', `${jobId} (${spec.input}) was accepted and is not stored`);
  }
  const seen = new Map<JobSpec, string>();
  for (const job of stored) {
    const spec = asked.get(tagOf(job));
    if (spec === undefined) continue;
    const other = seen.get(spec);
    if (other !== undefined) findings.add('doubled', `${job.job_id} is the same job as ${other}`);
    seen.set(spec, job.job_id);
  }
}

function checkEnding(job: JobRecord, { asked, cancelled }: Posted, findings: Findings): void {
  const { job_id, status, error } = job;
  const spec = asked.get(tagOf(job));
  if (cancelled.has(job_id) && error?.code !== 'cancelled')
    findings.add('unfitting', `${job_id} was cancelled, and ended: ${status} ${error?.code ?? ''}`);
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
