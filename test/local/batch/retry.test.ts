import type { EvaluateOnExit } from '@aws-sdk/client-batch';
import { describe, expect, it } from 'vitest';
import { type AttemptEnding, isRetried } from '../../../local/batch/retry-rules.ts';
import { submit, useBatch, waitForStatus } from './harness.ts';

const exit = (entry: Partial<EvaluateOnExit>): EvaluateOnExit => ({ action: 'EXIT', ...entry });
const retry = (entry: Partial<EvaluateOnExit>): EvaluateOnExit => ({ action: 'RETRY', ...entry });
const lost: AttemptEnding = { statusReason: 'Host EC2 (instance i-1) terminated.' };
const code = (exitCode: number): AttemptEnding => ({ statusReason: 'Essential container', exitCode });
const unpulled: AttemptEnding = {
  statusReason: 'Task failed to start',
  reason: 'CannotPullContainerError: no',
};

/** What the fleet's own strategy looks like. */
const fleet = [retry({ onStatusReason: 'Host EC2*' }), retry({ onExitCode: '75' }), exit({ onReason: '*' })];

describe('the rules of a retry strategy', () => {
  it.each<[string, boolean, AttemptEnding, EvaluateOnExit[]]>([
    ['no rule', true, code(1), []],
    ['no rule that matches', true, code(1), [exit({ onExitCode: '2' })]],
    ['an exact exit code', false, code(2), [exit({ onExitCode: '2' })]],
    ['an exit code that begins alike', true, code(21), [exit({ onExitCode: '2' })]],
    ['the beginning of an exit code', false, code(21), [exit({ onExitCode: '2*' })]],
    [
      'the first that matches, to retry',
      true,
      code(2),
      [retry({ onExitCode: '2' }), exit({ onExitCode: '*' })],
    ],
    [
      'the first that matches, to exit',
      false,
      code(2),
      [exit({ onExitCode: '*' }), retry({ onExitCode: '2' })],
    ],
    ['the beginning of a status reason', false, lost, [exit({ onStatusReason: 'Host EC2*' })]],
    ['a status reason in another case', false, lost, [exit({ onStatusReason: 'hOST ec2*' })]],
    ['a whole status reason', true, lost, [exit({ onStatusReason: 'Host EC2' })]],
    [
      'a star in the middle, which is a plain character',
      true,
      lost,
      [exit({ onStatusReason: 'Host*terminated.' })],
    ],
    ['a question mark, which is a plain character', true, lost, [exit({ onStatusReason: 'Host EC?*' })]],
    ['a reason', false, unpulled, [exit({ onReason: 'CannotPullContainer*' })]],
    ['a reason where there is none', true, code(1), [exit({ onReason: 'CannotPullContainer*' })]],
    ['any reason where there is none', false, code(1), [exit({ onReason: '*' })]],
    [
      'two conditions that both hold',
      false,
      unpulled,
      [exit({ onReason: 'Cannot*', onStatusReason: 'Task*' })],
    ],
    ['two conditions of which one holds', true, unpulled, [exit({ onReason: 'Cannot*', onExitCode: '1' })]],
    ['an action in lower case', false, code(1), [exit({ action: 'exit' as 'EXIT', onExitCode: '1' })]],
    ["the fleet's, a lost host", true, lost, fleet],
    ["the fleet's, a failed self-test", true, code(75), fleet],
    ["the fleet's, another exit code", false, code(1), fleet],
  ])('%s: retried is %s', (_, expected, ending, evaluateOnExit) => {
    expect(isRetried({ attempts: 3, evaluateOnExit }, 1, ending)).toBe(expected);
  });

  it.each([
    [1, 1, false],
    [2, 1, true],
    [2, 2, false],
    [10, 9, true],
  ])('with %d attempts, the end of attempt %d leads to another: %s', (attempts, attempt, expected) => {
    const evaluateOnExit = [retry({ onExitCode: '*' })];
    expect(isRetried({ attempts, evaluateOnExit }, attempt, code(1))).toBe(expected);
  });
});

describe('a job that fails', () => {
  const harness = useBatch();
  const failTwice = 'process.exit(process.env.AWS_BATCH_JOB_ATTEMPT < 3 ? 75 : 0)';

  it('has one attempt by default', async () => {
    const { attempts } = await waitForStatus(harness, await submit(harness, failTwice), 'FAILED');
    expect(attempts).toHaveLength(1);
  });

  it('is tried again until it succeeds, with a record of each attempt', async () => {
    const retryStrategy = { attempts: 5, evaluateOnExit: fleet };
    const jobId = await submit(harness, failTwice, { retryStrategy });
    const { attempts = [], container, ...job } = await waitForStatus(harness, jobId, 'SUCCEEDED');
    expect(attempts.map((attempt) => attempt.container?.exitCode)).toEqual([75, 75, 0]);
    expect(container?.exitCode).toBe(0);
    expect(job.startedAt).toBe(attempts[2]?.startedAt);
    expect(job.retryStrategy).toEqual(retryStrategy);
    for (const { startedAt = 0, stoppedAt = 0 } of attempts)
      expect(stoppedAt).toBeGreaterThanOrEqual(startedAt);
  });

  it('is given up when a rule says so', async () => {
    const retryStrategy = { attempts: 5, evaluateOnExit: fleet };
    const jobId = await submit(harness, 'process.exit(1)', { retryStrategy });
    expect((await waitForStatus(harness, jobId, 'FAILED')).attempts).toHaveLength(1);
  });
});

describe("a definition's retry strategy", () => {
  const command = [process.execPath, '-e', 'process.exit(1)'] as const;
  const environment = () => ({});
  const definition = { command, environment, retryStrategy: { attempts: 2 } };
  const harness = useBatch({ jobDefinitions: { worker: definition } });

  it.each([
    ['holds for a job without one', undefined, 2],
    ["gives way to the job's own", { attempts: 1 }, 1],
  ])('%s', async (_, retryStrategy, expected) => {
    const jobId = await submit(harness, '', { retryStrategy });
    expect((await waitForStatus(harness, jobId, 'FAILED')).attempts).toHaveLength(expected);
  });
});
