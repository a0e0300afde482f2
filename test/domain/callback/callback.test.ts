import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { callbackPayload, signedHeaders } from '../../../domain/callback/payload.ts';
import { CALLBACK_ATTEMPTS, retryDelay } from '../../../domain/callback/schedule.ts';
import type { JobResource } from '../../../domain/job/job-resource.ts';

const job = { job_id: '0190-1', status: 'complete', outputs: [] } as unknown as JobResource & {
  status: 'complete';
};
const [old, current] = ['old', 'new'].map(
  (word) => `whsec_${Buffer.from(word.padEnd(24)).toString('base64')}`,
);

it('says exactly three things', () => {
  const payload = callbackPayload(job, undefined);
  expect(payload).toEqual({ api_version: 'v0', job_id: '0190-1', status: 'complete' });
});

it('adds the job where it is asked to', () => {
  expect(callbackPayload(job, 'full')).toEqual({
    api_version: 'v0',
    job_id: '0190-1',
    status: 'complete',
    job,
  });
});

it('signs so that receivers with either secret can verify it', () => {
  const headers = signedHeaders('0190-1', '{"a":1}', [String(current), String(old)], new Date());
  for (const secret of [old, current]) {
    expect(new Webhook(String(secret)).verify('{"a":1}', headers)).toEqual({ a: 1 });
    expect(() => new Webhook(String(secret)).verify('{"a":2}', headers)).toThrow();
  }
});

it('has the same id at every attempt', () => {
  const at = (time: number) => signedHeaders('0190-1', '{}', [String(current)], new Date(time))['webhook-id'];
  expect(at(Date.now())).toBe(at(Date.now() + 60_000));
});

const HOUR = 3600;

it.each([
  [1, 5],
  [2, 300],
  [3, 1800],
  [4, 2 * HOUR],
  [5, 5 * HOUR],
  [6, 10 * HOUR],
  [7, 12 * HOUR],
  [8, 12 * HOUR],
  [9, 12 * HOUR],
])('waits after attempt %i for %i s', (attempt, seconds) => {
  expect(retryDelay(attempt, undefined, 0.5)).toBe(seconds);
});

it.each([
  ['earlier', 2, undefined, 0, 270],
  ['later', 2, undefined, 1, 330],
  ['when the receiver asks for more', 1, 60, 0.5, 60],
  ['when the receiver asks for less', 2, 60, 0.5, 300],
  ['at most as long as SQS can hide a message', 1, 1_000_000, 0.5, 12 * HOUR],
])('waits %s', (_, attempt, retryAfter, random, seconds) => {
  expect(retryDelay(attempt, retryAfter, random)).toBe(seconds);
});

it('tries ten times', () => {
  expect(CALLBACK_ATTEMPTS).toBe(10);
});
