/** The exit codes of the worker, which Batch's retry rules read. */
export const EXIT = {
  done: 0,
  /** The job failed and says why in its record: another attempt would fail alike. */
  jobFailed: 1,
  /** The host is at fault, or is taken away (sysexits.h's EX_TEMPFAIL): another attempt may get a better one. */
  hostUnfit: 75,
} as const;

/** 128 + SIGKILL: killed from outside, as by the kernel when memory is short. */
const KILLED = 137;

/** 128 + SIGTERM: told to end before it could say so. */
const TERMINATED = 143;

/** How often a job's worker is started at the most. */
const ATTEMPTS = 3;

/** A rule applies when all that it names fits; `*` at a pattern's end stands for any rest. */
interface RetryRule {
  readonly onStatusReason?: string;
  readonly onReason?: string;
  readonly onExitCode?: string;
  readonly action: 'RETRY' | 'EXIT';
}

/**
 * When Batch starts a job's worker again. The first rule that fits decides; what fits none would be retried, so the last
 * one fits everything.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
 */
export const RETRY_STRATEGY: { attempts: number; evaluateOnExit: RetryRule[] } = {
  attempts: ATTEMPTS,
  evaluateOnExit: [
    { onStatusReason: 'Host EC2*', action: 'RETRY' },
    { onReason: 'CannotPullContainerError*', action: 'RETRY' },
    { onExitCode: String(EXIT.hostUnfit), action: 'RETRY' },
    { onExitCode: String(KILLED), action: 'RETRY' },
    { onReason: '*', action: 'EXIT' },
  ],
};

/** Seconds that one attempt of a job may take. */
export const JOB_TIMEOUT_S = 6 * 3600;

/** Whether an attempt that ended with this code was no fault of the job's. */
export function isHostFault(exitCode: number): boolean {
  return exitCode === EXIT.hostUnfit || exitCode === KILLED || exitCode === TERMINATED;
}
