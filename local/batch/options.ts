import type { RetryStrategy } from '@aws-sdk/client-batch';
import type { BatchStateChangeEvent } from './event.ts';

export interface LocalBatchOptions {
  /** Holds one file a job below `jobs`, and what workers print below `logs/JOB ID/ATTEMPT.log`. */
  readonly dataDir: string;
  /** @default any free port */
  readonly port?: number;
  /** By name: how many workers run at once. */
  readonly queues: Readonly<Record<string, { readonly slots: number }>>;
  /** By name. */
  readonly jobDefinitions: Readonly<Record<string, LocalJobDefinition>>;
  /**
   * Takes every change of a job's status. Those of a job's end are sent again after a restart when this was rejected
   * or cut short.
   */
  onEvent(event: BatchStateChangeEvent): Promise<void>;
  /** @default standard error */
  readonly log?: (line: string) => void;
  /** SubmitJob calls that are taken in a second. @default 50, an account's limit */
  readonly submitsPerSecond?: number;
  /** Seconds; Batch takes no shorter timeout than 60. @default 60 */
  readonly minimumTimeoutSeconds?: number;
}

export interface LocalJobDefinition {
  /** Program and arguments; a job's `containerOverrides.command` replaces all of it. */
  readonly command: readonly [string, ...string[]];
  /** All of the worker's environment but what the job adds. Asked at each start of a worker, and never kept. */
  environment(): NodeJS.ProcessEnv;
  /**
   * Gives each attempt a folder of its own below `folder`, whose path is in the environment variable, and which goes when
   * the attempt ends.
   *
   * @default none
   */
  readonly scratch?: { readonly folder: string; readonly variable: string };
  /** @default one attempt */
  readonly retryStrategy?: RetryStrategy;
  /** @default no timeout */
  readonly timeout?: { readonly attemptDurationSeconds: number };
  /** Between SIGTERM and SIGKILL. @default 30 */
  readonly terminationGraceSeconds?: number;
}
