import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InvalidRequestError, OctetError } from '../../domain/errors.ts';
import { parseJobRequest } from '../../domain/request/job-request.ts';
import { apiHandler } from '../../lambdas/api/api-handler.ts';
import { type CreateJobServices, createJob } from '../../services/create-job.ts';
import { changedOnce, createBody, LONGEST_BODY, VALID_REQUEST } from './create-bodies.ts';

/** The same bodies at each run, so that who breaks something hears of it, and nobody else. */
const seed = 20_260_101;

/** Milliseconds that one body may take. */
const LIMIT_MS = 50;

/** How often a slow body is measured before it counts: the processor may have been slower for a moment. */
const MEASURES = 4;

/** What the body is refused with; undefined where it is accepted. */
function refusalOf(body: string): unknown {
  try {
    parseJobRequest(body);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Milliseconds of this process's own: while others have the processor, it takes none of them. */
function timed(body: string): { readonly error: unknown; readonly ms: number } {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const error = refusalOf(body);
  const { user, system } = process.cpuUsage(before);
  return { error, ms: Math.min(performance.now() - begun, (user + system) / 1000) };
}

/** The shortest of several times, in milliseconds. @param first of them */
function shortestTimeOf(body: string, first: number): number {
  let shortest = first;
  for (let count = 1; count < MEASURES && shortest >= LIMIT_MS; count++) {
    shortest = Math.min(shortest, timed(body).ms);
  }
  return shortest;
}

/** Has a body refused, or accepted, in time. @returns what it is refused with */
function refusedInTime(body: string): unknown {
  const { error, ms } = timed(body);
  expect(shortestTimeOf(body, ms)).toBeLessThan(LIMIT_MS);
  if (error !== undefined) expectRefusal(body, error);
  return error;
}

function isObject(body: string): boolean {
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expectRefusal(body: string, error: unknown): void {
  if (!(error instanceof OctetError)) throw error;
  expect([400, 413]).toContain(error.status);
  expect(error.message).toMatch(/\S.*$/s);
  if (error.code === 'invalid_json') return;
  if (!(error instanceof InvalidRequestError)) throw error;
  expect(error.problems.length).toBeGreaterThan(0);
  for (const { path, code, message } of error.problems) {
    expect(code).toBe('invalid_request');
    expect(message).not.toBe('');
    // Only of a body that is no object nothing can be named.
    if (path === '') expect(isObject(body)).toBe(false);
  }
}

it('accepts the request that all others are made from', () => {
  expect(parseJobRequest(JSON.stringify(VALID_REQUEST)).warnings).toEqual([]);
});

it('accepts each of 20,000 bodies, or refuses it with a path for each problem, in 50 ms', () => {
  const counts = { accepted: 0, 'no JSON': 0, refused: 0 };
  const property = fc.property(createBody, (body) => {
    const error = refusedInTime(body);
    const kind =
      error === undefined ? 'accepted' : error instanceof InvalidRequestError ? 'refused' : 'no JSON';
    counts[kind] += 1;
  });
  fc.assert(property, { numRuns: 20_000, seed });
  // Otherwise the bodies would have become such that they say nothing.
  expect(Math.min(...Object.values(counts)), JSON.stringify(counts)).toBeGreaterThan(500);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it('says of a request in which one thing was changed that something is wrong there, and nowhere else', () => {
  const property = fc.property(changedOnce, ({ field, body }) => {
    const error = refusalOf(body);
    const problems = error instanceof InvalidRequestError ? error.problems : [];
    const elsewhere = problems.filter(({ path }) => !new RegExp(`^${field}(?![\\w$])`).test(path));
    expect(elsewhere).toEqual([]);
  });
  fc.assert(property, { numRuns: 2000, seed });
});

const fill = (before: string, piece: string, after: string) =>
  before +
  Array(Math.floor((LONGEST_BODY - before.length - after.length) / (piece.length + 1)))
    .fill(piece)
    .join(',') +
  after;

it.each<[string, string]>([
  ['empty outputs', fill('{"outputs":[', '{}', ']}')],
  ['outputs that are no objects', fill('{"outputs":[', '1', ']}')],
  ['outputs with unknown keys', fill('{"outputs":[', '{"a":1}', ']}')],
  [
    'outputs with keys that are nearly right',
    fill('{"outputs":[', '{"bitrate_kpbs":1,"resolutoin":1}', ']}'),
  ],
  ['outputs that are alike', fill('{"outputs":[', '{"dest_path":"a"}', ']}')],
  ['lists', fill('[', '[]', ']')],
  ['lists within lists', '['.repeat(LONGEST_BODY / 2) + ']'.repeat(LONGEST_BODY / 2)],
  ['objects within objects', `${'{"input":'.repeat(LONGEST_BODY / 12)}1${'}'.repeat(LONGEST_BODY / 12)}`],
  ['digits', `{"outputs":[{"bitrate_kbps":"${'9'.repeat(LONGEST_BODY - 50)}"}]}`],
  ['spaces around a number', `{"outputs":[{"bitrate_kbps":"${' '.repeat(LONGEST_BODY - 50)}x"}]}`],
  ['dots', `{"destination":{"bucket":"a${'.-'.repeat(LONGEST_BODY / 2 - 50)}"}}`],
  ['the letters of a URL', `{"input":{"url":"http://${'a.'.repeat(LONGEST_BODY / 2 - 50)}"}}`],
  ['base64', `{"callback":{"url":"http://a","secret":"${'A'.repeat(LONGEST_BODY - 60)}="}}`],
  ['one key', `{"${'a'.repeat(LONGEST_BODY - 10)}":1}`],
])('refuses 256 kB of %s in 50 ms', (_, body) => {
  expect(refusedInTime(body)).toBeInstanceOf(OctetError);
});

it.each<[string, (index: number) => string]>([
  ['keys that are nearly right', (index) => `"inptu${index}":1`],
  ['pairs of metadata that are too many', (index) => `"k${index}":""`],
  ['pairs of metadata that are no strings', (index) => `"k${index}":1`],
])('refuses 256 kB of %s in 50 ms', (what, pair) => {
  const pairs = Array.from({ length: 14_000 }, (_, index) => pair(index)).join(',');
  const body = what.includes('metadata') ? `{"metadata":{${pairs}}}` : `{${pairs}}`;
  expect(refusedInTime(body)).toBeInstanceOf(OctetError);
});

/** Nobody may be asked about a body that is not valid, so whoever asks ends the test. */
const untouched = new Proxy({} as CreateJobServices, {
  get(_, name) {
    throw new TypeError(`${String(name)} was used for a request that is not valid.`);
  },
});

it('answers no body of 500 that are not valid with 5xx, and asks nobody about them', async () => {
  const handler = apiHandler(({ tenant, body }) => createJob(untouched, tenant, body));
  const refused = createBody.filter((body) => refusalOf(body) !== undefined);
  const property = fc.asyncProperty(refused, fc.boolean(), async (text, isBase64Encoded) => {
    const body = isBase64Encoded ? Buffer.from(text).toString('base64') : text;
    const requestContext = { requestId: 'request-1', identity: {} };
    const event = {
      body,
      isBase64Encoded,
      pathParameters: null,
      requestContext,
    } as unknown as APIGatewayProxyEvent;
    const answer = await handler(event, {} as Context);
    expect([400, 413]).toContain(answer.statusCode);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: expect.stringMatching(/./),
      request_id: 'request-1',
    });
  });
  await fc.assert(property, { numRuns: 500, seed });
});
