import { expect, it } from 'vitest';
import { endingOf, type JobEndedDetail } from '../../../domain/batch/job-ended-event.ts';
import { batchJobName, parseBatchJobName } from '../../../domain/batch/job-name.ts';
import type { Outcome, OutputOutcome } from '../../../domain/job/job-record.ts';

const failed = (facts: Partial<JobEndedDetail>): JobEndedDetail => ({
  jobId: 'b-1',
  jobName: 'octet-1',
  status: 'FAILED',
  attempts: [],
  ...facts,
});
const exited = (exitCode: number) => ({
  statusReason: 'Essential container in task exited',
  container: { exitCode },
});
const hostLost = { statusReason: 'Host EC2 (instance i-0abc) terminated.' };
const notPulled = {
  statusReason: 'Task failed to start',
  container: { reason: 'CannotPullContainerError: pull access denied' },
};

it.each<[string, JobEndedDetail, string]>([
  [
    'was killed at every attempt',
    failed({ attempts: [exited(137), exited(137), exited(137)] }),
    'infrastructure',
  ],
  ['lost its host at every attempt', failed({ attempts: [hostLost, hostLost, hostLost] }), 'infrastructure'],
  ['found no host with an encoder', failed({ attempts: [exited(75)] }), 'infrastructure'],
  ['was told to end before it listened', failed({ attempts: [exited(143)] }), 'infrastructure'],
  ['could not be started', failed({ attempts: [notPulled] }), 'infrastructure'],
  ['never ran', failed({ statusReason: 'Dependent Job failed' }), 'infrastructure'],
  ['crashed', failed({ attempts: [exited(1)] }), 'internal'],
  [
    'ran for too long',
    failed({ statusReason: 'Job attempt duration exceeded timeout', attempts: [exited(143)] }),
    'timed_out',
  ],
  [
    'was terminated',
    failed({ statusReason: 'enough', isTerminated: true, attempts: [exited(143)] }),
    'cancelled',
  ],
  ['was cancelled before it ran', failed({ statusReason: 'enough', isCancelled: true }), 'cancelled'],
  ['succeeded without a word', failed({ status: 'SUCCEEDED', attempts: [exited(0)] }), 'internal'],
])('ends a job whose worker %s', (_, detail, code) => {
  expect(endingOf(detail, undefined)).toMatchObject({ status: 'error', error: { code } });
});

it.each([
  ['lost', hostLost, 'The machine that ran the job was lost (tried once); send the job again.'],
  [
    'short of memory',
    exited(137),
    'The machine that ran the job failed (tried once), as when memory or disk space is short; send the job again, and with fewer or smaller outputs if that does not help.',
  ],
])('says what to do about a machine that was %s', (_, attempt, message) => {
  expect(endingOf(failed({ attempts: [attempt] }), undefined)).toMatchObject({ error: { message } });
});

const complete = { status: 'complete', url: 's3://b/k', made: {} } as OutputOutcome;
const wrong = (message: string): OutputOutcome => ({
  status: 'error',
  error: { code: 'output_verification_failed', message, retryable: true },
});
const corrupt = { code: 'input_corrupt', message: 'It is cut short.', retryable: false } as const;

it.each<[string, Outcome, unknown]>([
  ['all outputs are complete', { outputs: [complete, complete] }, { status: 'complete' }],
  ['the job failed', { error: corrupt }, { status: 'error', error: corrupt }],
  [
    'the only output failed',
    { outputs: [wrong('It is wrong.')] },
    { status: 'error', error: { code: 'output_verification_failed', message: 'It is wrong.' } },
  ],
  [
    'some outputs failed',
    { outputs: [complete, wrong('It is wrong.'), wrong('It is wrong too.')] },
    {
      status: 'error',
      error: {
        code: 'output_verification_failed',
        message: '2 of 3 outputs failed; the first: It is wrong.',
      },
    },
  ],
])("takes the worker's word that %s before Batch's", (_, outcome, ending) => {
  expect(endingOf(failed({ attempts: [exited(137)] }), outcome)).toMatchObject(ending as object);
});

it('tells its own Batch jobs from others by their names', () => {
  for (const step of ['job', 'encode'] as const) {
    expect(parseBatchJobName(batchJobName('0190-1', step))).toEqual({ jobId: '0190-1', step });
  }
  expect(parseBatchJobName('nightly-report')).toBeUndefined();
});
