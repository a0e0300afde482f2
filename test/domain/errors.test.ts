import { describe, expect, it } from 'vitest';
import {
  type ErrorCode,
  InvalidRequestError,
  LostRaceError,
  OctetError,
  type Problem,
  toJobError,
  UnusableRequestError,
} from '../../domain/errors.ts';

const problem = (path: string, message: string): Problem => ({ path, code: 'invalid_request', message });

it.each<[ErrorCode, number, boolean]>([
  ['invalid_json', 400, false],
  ['invalid_request', 400, false],
  ['unauthorized', 401, false],
  ['forbidden', 403, false],
  ['not_found', 404, false],
  ['conflict', 409, false],
  ['body_too_large', 413, false],
  ['idempotency_key_reused', 422, false],
  ['throttled', 429, true],
  ['input_unreachable', 422, true],
  ['input_no_range_support', 422, false],
  ['input_not_media', 422, false],
  ['input_unsupported', 422, false],
  ['input_changed', 422, true],
  ['input_corrupt', 422, false],
  ['settings_rejected_by_encoder', 422, false],
  ['destination_denied', 422, false],
  ['destination_unreachable', 422, true],
  ['output_verification_failed', 422, true],
  ['cancelled', 409, false],
  ['timed_out', 422, false],
  ['infrastructure', 503, true],
  ['internal', 500, true],
])('%s answers %d; the same job may succeed later: %s', (code, status, retryable) => {
  expect(new OctetError(code, 'A sentence.')).toMatchObject({ code, status, retryable });
});

describe('the sentence of a refused request', () => {
  it.each<[string, [Problem, ...Problem[]]]>([
    ['outputs[0].level is wrong', [problem('outputs[0].level', 'is wrong')]],
    ['The body is wrong.', [problem('', 'The body is wrong.')]],
    ['a is wrong (and 1 more, see errors)', [problem('a', 'is wrong'), problem('b', 'is too')]],
    [
      'a is wrong (and 2 more, see errors)',
      [problem('a', 'is wrong'), problem('b', 'is too'), problem('c', 'as well')],
    ],
  ])('%s', (message, problems) => {
    const error = new InvalidRequestError(problems);
    expect(error).toMatchObject({ name: 'InvalidRequestError', code: 'invalid_request', message, problems });
    expect(error).toBeInstanceOf(OctetError);
  });

  it('may have another code', () => {
    const error = new InvalidRequestError([problem('a', 'is wrong')], 'settings_rejected_by_encoder');
    expect(error).toMatchObject({ code: 'settings_rejected_by_encoder', status: 422 });
  });
});

it.each<[string, [Problem, ...Problem[]]]>([
  ['It is gone.', [{ path: 'input.url', code: 'input_unreachable', message: 'It is gone.' }]],
  [
    'It is gone. (and 1 more, see errors)',
    [
      { path: 'input.url', code: 'input_unreachable', message: 'It is gone.' },
      { path: 'destination', code: 'destination_denied', message: 'It is closed.' },
    ],
  ],
])('the sentence of a request that cannot be met: %s', (message, problems) => {
  const expected = {
    name: 'UnusableRequestError',
    code: 'input_unreachable',
    status: 422,
    message,
    problems,
  };
  expect(new UnusableRequestError(problems)).toMatchObject(expected);
});

describe("a job's error", () => {
  it('is what an OctetError says, without its cause', () => {
    const error = new OctetError('input_changed', 'It changed.', { cause: new Error('secret') });
    expect(toJobError(error)).toEqual({ code: 'input_changed', message: 'It changed.', retryable: true });
  });

  it.each<[string, unknown]>([
    ['an Error', new Error('password=secret')],
    ['a lost race', new LostRaceError('secret')],
    ['a string', 'secret'],
    ['nothing', undefined],
    [
      'an object that looks like one',
      { code: 'input_changed', message: 'secret', toJobError: () => 'secret' },
    ],
  ])('hides the inside of %s', (_, error) => {
    expect(toJobError(error)).toEqual({
      code: 'internal',
      message: 'An unexpected error ended the job; its log has the details.',
      retryable: true,
    });
  });
});
