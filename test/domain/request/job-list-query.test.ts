import { expect, it } from 'vitest';
import { cursorAfter, parseJobListQuery } from '../../../domain/request/job-list-query.ts';

const jobId = '01a211d3-12a6-75df-952f-ec46de41298b';

it.each([
  [{}, { status: undefined, limit: 20, after: undefined }],
  [{ limit: '1' }, { limit: 1 }],
  [{ limit: '100' }, { limit: 100 }],
  [{ status: 'complete' }, { status: 'complete' }],
  [{ cursor: cursorAfter(jobId) }, { after: jobId }],
])('takes %j', (parameters, expected) => {
  expect(parseJobListQuery(parameters)).toMatchObject(expected);
});

it.each([
  [{ limit: '0' }, 'limit', 'must be a whole number from 1 to 100'],
  [{ limit: '101' }, 'limit', 'must be a whole number from 1 to 100'],
  [{ limit: 'all' }, 'limit', 'must be a whole number from 1 to 100'],
  [{ limit: '1e1' }, 'limit', 'must be a whole number from 1 to 100'],
  [{ status: 'done' }, 'status', 'must be one of created, encode_in_progress, encode_complete,'],
  [{ cursor: 'x' }, 'cursor', 'must be the next_cursor of an earlier answer'],
  [{ cursor: '' }, 'cursor', 'must be the next_cursor of an earlier answer'],
  [{ page: '2' }, 'page', 'is not a parameter of this call; it takes status, limit and cursor'],
])('refuses %j', (parameters, path, message) => {
  expect(() => parseJobListQuery(parameters)).toThrow(
    expect.objectContaining({
      problems: [{ path, code: 'invalid_request', message: expect.stringContaining(message) }],
    }),
  );
});
