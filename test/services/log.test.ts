import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import { logError, logInfo, setLogLevel } from '../../services/log.ts';

let write: MockInstance<typeof process.stdout.write>;

beforeEach(() => {
  setLogLevel('info');
  write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  setLogLevel('error');
  vi.restoreAllMocks();
});

function lines(): string[] {
  return write.mock.calls.map(([text]) => String(text));
}

function line() {
  return JSON.parse(lines()[0] ?? '');
}

it('writes a line of JSON, with the time', () => {
  logInfo('The job began.', { job_id: '7', attempt: 2, retried: false, reason: undefined });
  expect(lines()).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
  expect(line()).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    level: 'info',
    message: 'The job began.',
    job_id: '7',
    attempt: 2,
    retried: false,
  });
});

it('tells an error with where it came from, and its causes', () => {
  const root = new TypeError('the root');
  const error = new Error('the error', { cause: new Error('the middle', { cause: root }) });
  logError('It failed.', error, { job_id: '7' });
  expect(line()).toMatchObject({ level: 'error', message: 'It failed.', job_id: '7' });
  const [own, ...causes] = line().error.split('\ncaused by: ');
  expect(own).toMatch(/^Error: the error\n {4}at .*log\.test\.ts/);
  expect(causes).toEqual([
    expect.stringMatching(/^Error: the middle\n {4}at /),
    expect.stringMatching(/^TypeError: the root\n {4}at /),
  ]);
});

it.each<[string, unknown, string]>([
  ['a text', 'out of paper', 'out of paper'],
  ['nothing', undefined, 'undefined'],
  [
    'an error whose cause is a text',
    withoutStack('the error', 'the cause'),
    'the error\ncaused by: the cause',
  ],
])('tells what was thrown as %s', (_, thrown, text) => {
  logError('It failed.', thrown);
  expect(line().error).toBe(text);
});

it('stays one line whatever stands in it', () => {
  logError('first\nsecond', withoutStack('third\r\nfourth\u2028fifth'), { job_id: 'a\nb' });
  expect(lines().join('').split('\n')).toHaveLength(2);
});

function withoutStack(message: string, cause?: string): Error {
  const error = new Error(message, { ...(cause !== undefined && { cause }) });
  delete error.stack;
  return error;
}

it('leaves out what matters less than is wanted', () => {
  setLogLevel('error');
  logInfo('The job began.');
  logError('It broke.', new Error('why'));
  expect(lines()).toHaveLength(1);
});

it.each([
  ['https://media.example/in.mp4?X-Amz-Signature=abc&x=1', 'https://media.example/in.mp4?...'],
  ['https://user:word@media.example/in.mp4', 'https://...@media.example/in.mp4'],
  ['The key AKIAIOSFODNN7EXAMPLE is not known', 'The key ... is not known'],
  ['signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'signed with ...'],
  ['https://media.example/in.mp4 was not found', 'https://media.example/in.mp4 was not found'],
])('shows %j as %j', (text, shown) => {
  logError('It broke.', new Error(text), { url: text });
  expect(line().url).toBe(shown);
  expect(lines()[0]).not.toMatch(/X-Amz-Signature|user:word|AKIA|whsec/);
});
