import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OctetError, UnusableRequestError } from '../../../domain/errors.ts';
import { type ApiRequest, apiHandler } from '../../../lambdas/api/api-handler.ts';

const context = {} as Context;

/** What API Gateway sends, as far as a function looks at it. */
function event(fields: object = {}, apiKeyId?: string): APIGatewayProxyEvent {
  const requestContext = { requestId: 'request-1', identity: { apiKeyId } };
  return { body: null, isBase64Encoded: false, pathParameters: null, requestContext, ...fields } as never;
}

let logged: string[];

beforeEach(() => {
  logged = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    logged.push(String(line));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a function is asked', () => {
  async function asked(given: APIGatewayProxyEvent): Promise<ApiRequest> {
    const requests: ApiRequest[] = [];
    const handler = apiHandler(async (request) => requests.push(request) && {});
    await handler(given, context);
    const [request] = requests;
    if (request === undefined) throw new Error('The function was not asked.');
    return request;
  }

  it.each([
    ['key-7', 'key-7'],
    [undefined, 'anonymous'],
  ])('with the API key %s by the tenant %s', async (key, tenant) => {
    expect((await asked(event({}, key))).tenant).toBe(tenant);
  });

  it.each([
    ['as it is', { body: '{"å":1}' }, '{"å":1}'],
    ['in base64', { body: Buffer.from('{"å":1}').toString('base64'), isBase64Encoded: true }, '{"å":1}'],
    ['not at all', { body: null }, ''],
  ])('for what a body that comes %s says', async (_, fields, body) => {
    expect((await asked(event(fields))).body).toBe(body);
  });

  it("about the path's parameters", async () => {
    const { parameter } = await asked(event({ pathParameters: { job_id: '7' } }));
    expect([parameter('job_id'), parameter('other')]).toEqual(['7', '']);
  });
});

describe('a function answers', () => {
  const answerOf = async (answer: () => Promise<object>, given = event()) => {
    const { statusCode, headers, body } = await apiHandler(answer)(given, context);
    return { statusCode, headers, body: JSON.parse(body) };
  };
  const fails = (error: unknown) => async () => {
    throw error;
  };
  const headers = { 'content-type': 'application/json' };

  it('with 200 and JSON', async () => {
    expect(await answerOf(async () => ({ job_id: '7' }))).toEqual({
      statusCode: 200,
      headers,
      body: { job_id: '7' },
    });
  });

  it('with the words of an error that is meant for users', async () => {
    const answer = await answerOf(fails(new OctetError('not_found', 'There is no job 7.')));
    const body = { error: 'There is no job 7.', code: 'not_found', request_id: 'request-1' };
    expect(answer).toEqual({ statusCode: 404, headers, body });
    expect(logged).toEqual([]);
  });

  it('with each of the problems that a request has', async () => {
    const problem = { path: 'input.url', code: 'input_unreachable', message: 'is not there' } as const;
    const { body } = await answerOf(fails(new UnusableRequestError([problem])));
    expect(body).toMatchObject({ code: 'input_unreachable', errors: [problem] });
  });

  it.each([new Error('password hunter2 at 10.0.0.7'), 'hunter2', undefined])(
    'nothing of %s but the id under which the log has it',
    async (error) => {
      const { statusCode, body } = await answerOf(fails(error));
      expect(statusCode).toBe(500);
      expect(body).toEqual({
        error: 'Something went wrong on our side; the request id finds it in the log.',
        code: 'internal',
        request_id: 'request-1',
      });
      expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ request_id: 'request-1' }]);
    },
  );

  it('413 to a body that is too large, however it comes', async () => {
    const large = 'å'.repeat(128 * 1024 + 1);
    for (const fields of [
      { body: large },
      { body: Buffer.from(large).toString('base64'), isBase64Encoded: true },
    ]) {
      const { statusCode, body } = await answerOf(async () => ({}), event(fields));
      expect({ statusCode, code: body.code }).toEqual({ statusCode: 413, code: 'body_too_large' });
    }
    const { statusCode } = await answerOf(async () => ({}), event({ body: 'å'.repeat(128 * 1024) }));
    expect(statusCode).toBe(200);
  });
});
