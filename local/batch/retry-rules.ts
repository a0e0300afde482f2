import type { EvaluateOnExit } from '@aws-sdk/client-batch';

/** A retry strategy with nothing left open. */
export interface RetryRules {
  readonly attempts: number;
  readonly evaluateOnExit: readonly EvaluateOnExit[];
}

/** How an attempt ended. */
export interface AttemptEnding {
  readonly statusReason: string;
  readonly exitCode?: number;
  /** What the container's host says, such as why it could not start. */
  readonly reason?: string;
  /** Never to be retried, whatever the rules say. */
  readonly isFinal?: boolean;
}

/**
 * Tells whether Batch would try a failed job again. The first entry of which all conditions hold decides; when none
 * does, the job is retried. See https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 *
 * @param attempt the number of the attempt that has just failed, 1 for the first
 */
export function isRetried(rules: RetryRules, attempt: number, ending: AttemptEnding): boolean {
  if (ending.isFinal || attempt >= rules.attempts) return false;
  const entry = rules.evaluateOnExit.find((each) => holds(each, ending));
  return entry?.action?.toUpperCase() !== 'EXIT';
}

function holds(entry: EvaluateOnExit, ending: AttemptEnding): boolean {
  return (
    fits(entry.onStatusReason, ending.statusReason) &&
    fits(entry.onReason, ending.reason) &&
    fits(entry.onExitCode, ending.exitCode?.toString())
  );
}

/** Case does not matter, and only a `*` at the end is special; alone, it also stands for nothing at all. */
function fits(pattern: string | undefined, actual = ''): boolean {
  if (pattern === undefined) return true;
  const [wanted, given] = [pattern.toLowerCase(), actual.toLowerCase()];
  return wanted.endsWith('*') ? given.startsWith(wanted.slice(0, -1)) : given === wanted;
}
