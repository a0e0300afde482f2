import { fileURLToPath } from 'node:url';
import { JOB_TIMEOUT_S, RETRY_STRATEGY } from '../domain/batch/exit-codes.ts';
import { WORKER_ENV, WORKER_NODE_FLAGS } from '../domain/environment.ts';
import {
  type BatchStateChangeEvent,
  type LocalBatch,
  type LocalJobDefinition,
  startBatch,
} from './batch/server.ts';
import { killLeftWorkers } from './batch/take-over.ts';
import type { DataFolder, Settings } from './data-folder.ts';
import type { LocalEnvironment } from './env.ts';
import type { FfmpegTools } from './ffmpeg.ts';
import { workerEnvironment } from './function-environment.ts';
import { NAMES } from './resources.ts';
import type { Stores } from './stores.ts';

/** Built beside the file that this is built into. */
const WORKER_FILE = fileURLToPath(new URL('worker.mjs', import.meta.url));

export interface FleetOptions {
  readonly folder: DataFolder;
  readonly environment: LocalEnvironment;
  readonly tools: FfmpegTools;
  readonly stores: Stores;
  readonly settings: Settings;
  readonly port: number;
  onEvent(event: BatchStateChangeEvent): Promise<void>;
}

/** Kills the workers that an earlier run has left: before the stores start, in which they would write. */
export function killLeftFleet(folder: DataFolder): Promise<void> {
  return killLeftWorkers(dataDirIn(folder));
}

/** Starts Batch with the queue of jobs and the definition of the worker. */
export function startFleet(options: FleetOptions): Promise<LocalBatch> {
  const { folder, environment, port, onEvent } = options;
  const definition = workerDefinition(options);
  return startBatch({
    dataDir: dataDirIn(folder),
    port,
    ...(environment.submitsPerSecond !== undefined && { submitsPerSecond: environment.submitsPerSecond }),
    queues: {
      [NAMES.jobQueue]: { slots: environment.workers },
      [NAMES.packagingQueue]: { slots: environment.workers },
    },
    // Locally both are the same program on the same machine.
    jobDefinitions: { [NAMES.jobDefinition]: definition, [NAMES.packagingDefinition]: definition },
    onEvent,
  });
}

function workerDefinition(options: FleetOptions): LocalJobDefinition {
  const { folder, environment, tools, stores, settings } = options;
  return {
    command: [process.execPath, ...WORKER_NODE_FLAGS, environment.workerProgram ?? WORKER_FILE],
    environment: () => ({ ...environment.inherited, ...workerEnvironment(stores, tools, settings) }),
    scratch: { folder: folder.sub('scratch'), variable: WORKER_ENV.scratchDir },
    retryStrategy: RETRY_STRATEGY,
    timeout: { attemptDurationSeconds: JOB_TIMEOUT_S },
  };
}

function dataDirIn(folder: DataFolder): string {
  return folder.sub('batch');
}
