import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JobRecord } from './job-record.ts';
import { attemptNumber } from './job-record.ts';
import type { LocalJobDefinition } from './options.ts';

/** A folder for one attempt alone, as a container has a file system of its own. */
export interface ScratchFolder {
  /** What the worker's environment says of it. */
  readonly environment: NodeJS.ProcessEnv;
  remove(): void;
}

/** Makes the folder of an attempt; nothing where the definition wants none. */
export function createScratch(job: JobRecord, { scratch }: LocalJobDefinition): ScratchFolder {
  if (scratch === undefined) return { environment: {}, remove: () => {} };
  const path = join(scratch.folder, `${job.jobId}-${attemptNumber(job)}`.replace(':', '-'));
  mkdirSync(path, { recursive: true });
  return {
    environment: { [scratch.variable]: path },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Removes what attempts of an earlier run have left. */
export function clearScratch(definitions: readonly LocalJobDefinition[]): void {
  for (const { scratch } of definitions) {
    if (scratch !== undefined) rmSync(scratch.folder, { recursive: true, force: true });
  }
}
