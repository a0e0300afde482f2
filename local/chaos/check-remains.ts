import { join } from 'node:path';
import { batchJobOf, type JobRecord, type OutputOutcome } from '../../domain/job/job-record.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import { type Bucket, isWholeMp4 } from './bucket.ts';
import type { Findings } from './findings.ts';
import { filesBelow, type Workers } from './workers.ts';

/** Looks for what jobs have left that runs or is kept, while the service is there. */
export function checkRemains(
  folder: string,
  workers: Workers,
  stored: readonly JobRecord[],
  findings: Findings,
): void {
  for (const { jobName, status } of workers.live()) {
    findings.add('left_behind', `the Batch job ${jobName} is ${status}`);
  }
  const pending = join(folder, 's3', 'pending');
  for (const file of [...workers.scratchFiles(), ...filesBelow(pending)]) {
    findings.add('left_behind', `the file ${file}`);
  }
  for (const { job_id, status, sealed_work } of stored) {
    if (hasEnded(status) && sealed_work !== undefined) findings.add('left_behind', `secrets of ${job_id}`);
  }
}

/** Looks for processes, once the service has ended. */
export function checkProcesses(workers: Workers, findings: Findings): void {
  for (const process of workers.processes()) findings.add('left_behind', `the process ${process}`);
}

/**
 * Looks for pieces of split jobs. Where nobody came to the end of packaging, as for a job that was cancelled or whose worker
 * was killed at its last attempt, they are left to the bucket, which forgets them within a day.
 */
export async function checkPieces(
  scratch: Bucket,
  workers: Workers,
  stored: readonly JobRecord[],
  findings: Findings,
): Promise<void> {
  const keys = [...(await scratch.sizes()).keys()];
  for (const job of stored) {
    const left = keys.filter((key) => key.startsWith(`${job.job_id}/`)).length;
    if (left > 0 && workers.hasSucceeded(batchJobOf(job)))
      findings.add('left_behind', `${left} pieces of ${job.job_id}`);
  }
}

/** Compares what jobs say of their files with what is there. */
export async function checkFiles(
  bucket: Bucket,
  stored: readonly JobRecord[],
  findings: Findings,
): Promise<void> {
  const sizes = await bucket.sizes();
  const outcomes = new Map<string, OutputOutcome | undefined>();
  for (const { outputs, outcome } of stored) {
    for (const [index, { dest_path }] of outputs.entries())
      outcomes.set(dest_path, outcome?.outputs?.[index]);
    // A worker that found nothing to deliver says so of the whole job.
    if (outcome?.error !== undefined) checkNone(outputs, sizes, findings);
  }
  for (const [key, outcome] of outcomes) {
    const wrong = await wrongWithFile(bucket, key, outcome, sizes.get(key));
    if (wrong !== undefined) findings.add('left_behind', `${key} ${wrong}`);
  }
  for (const key of sizes.keys()) {
    if (!outcomes.has(key)) findings.add('left_behind', `${key} is of no job`);
  }
}

function checkNone(
  outputs: JobRecord['outputs'],
  sizes: ReadonlyMap<string, number>,
  findings: Findings,
): void {
  for (const { dest_path } of outputs) {
    if (sizes.has(dest_path)) findings.add('left_behind', `${dest_path} is of a job that made none`);
  }
}

/**
 * A job whose worker left no word, as one that was killed between upload and record at its last attempt, may have a file:
 * nobody is left who could remove it, and only the owner's keys could.
 *
 * @returns undefined when the file is as its job says
 */
async function wrongWithFile(
  bucket: Bucket,
  key: string,
  outcome: OutputOutcome | undefined,
  size: number | undefined,
): Promise<string | undefined> {
  if (outcome === undefined) return undefined;
  if (outcome.status === 'error') return size === undefined ? undefined : 'is there, and its output failed';
  if (size === undefined) return 'is not there, and its output is complete';
  if (size !== outcome.made.size) return `has ${size} bytes and not ${outcome.made.size}`;
  return isWholeMp4(await bucket.read(key)) ? undefined : 'is not a whole MP4';
}
