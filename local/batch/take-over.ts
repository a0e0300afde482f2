import { JobFiles } from './job-files.ts';
import { hasEnded } from './job-record.ts';
import { JobTable } from './job-table.ts';
import { afterAttempt, hostTerminated } from './outcome.ts';
import { killOrphans } from './process-group.ts';

/**
 * Kills the workers that an earlier run on a folder has left. To be done before the services start that they use: what
 * workers make of a time without them is not to be written down.
 */
export async function killLeftWorkers(
  dataDir: string,
  log: (line: string) => void = console.error,
): Promise<void> {
  const files = new JobFiles(dataDir);
  await killWorkers(new JobTable(files, files.load(log)), log);
}

/** Kills the workers that an earlier run has left, and tells whose they were, or had been. */
export async function killWorkers(jobs: JobTable, log: (line: string) => void): Promise<string[]> {
  const started = jobs.live().filter(({ status }) => status === 'STARTING' || status === 'RUNNING');
  await Promise.all(
    started.map(async ({ jobId, process }) => {
      if (process !== undefined && (await killOrphans(process)))
        log(`batch: killed the worker ${process.pid} of job ${jobId}, which an earlier run had left`);
    }),
  );
  return started.map(({ jobId }) => jobId);
}

/** Ends the attempts of workers that are gone like those of a lost host, so that the jobs' retry rules decide. */
export function endAttempts(jobIds: readonly string[], jobs: JobTable): void {
  for (const jobId of jobIds) {
    const job = jobs.get(jobId);
    if (job !== undefined && !hasEnded(job))
      jobs.change(jobId, afterAttempt(job, hostTerminated, Date.now()));
  }
}
