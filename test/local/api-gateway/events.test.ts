import { describe, expect, it } from 'vitest';
import { send, useGateway } from './harness.ts';

const harness = useGateway({ routes: ['POST /v0/jobs/{job_id}', 'GET /v0/jobs'] });

it('a function gets the event of a proxy integration', async () => {
  const before = Date.now();
  const headers = { 'User-Agent': 'curl/8', 'X-Note': ['a', 'b'], accept: '*/*' };
  const { headers: answered } = await send(
    harness,
    'POST /v0/jobs/a%20b?tag=x&tag=y+z&empty=',
    headers,
    '{}',
  );
  const { port } = harness.gateway;
  const host = `127.0.0.1:${port}`;
  const [event] = harness.events;
  expect(event).toEqual({
    resource: '/v0/jobs/{job_id}',
    path: '/v0/jobs/a%20b',
    httpMethod: 'POST',
    headers: expect.objectContaining({
      'User-Agent': 'curl/8',
      'X-Note': 'b',
      accept: '*/*',
      Host: host,
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': String(port),
      'X-Forwarded-Proto': 'http',
    }),
    multiValueHeaders: expect.objectContaining({ 'User-Agent': ['curl/8'], 'X-Note': ['a', 'b'] }),
    queryStringParameters: { tag: 'y z', empty: '' },
    multiValueQueryStringParameters: { tag: ['x', 'y z'], empty: [''] },
    pathParameters: { job_id: 'a b' },
    stageVariables: null,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: host,
      domainPrefix: 'local',
      extendedRequestId: expect.stringMatching(/^[\w+/]{15}=$/),
      httpMethod: 'POST',
      identity: {
        accessKey: null,
        accountId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '127.0.0.1',
        user: null,
        userAgent: 'curl/8',
        userArn: null,
      },
      path: '/local/v0/jobs/a%20b',
      protocol: 'HTTP/1.1',
      requestId: answered['x-amzn-requestid'],
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      requestTimeEpoch: expect.any(Number),
      resourceId: 'local',
      resourcePath: '/v0/jobs/{job_id}',
      stage: 'local',
    },
    body: '{}',
    isBase64Encoded: false,
  });
  expect(event?.requestContext.requestTimeEpoch).toBeGreaterThanOrEqual(before);
});

it('what a request lacks is null', async () => {
  await send(harness, 'GET /v0/jobs');
  expect(harness.events).toMatchObject([
    {
      body: null,
      isBase64Encoded: false,
      pathParameters: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      requestContext: { identity: { userAgent: null } },
    },
  ]);
});

it('names that objects have already are names like any other', async () => {
  await send(harness, 'GET /v0/jobs?__proto__=a&constructor=b', { ['__proto__']: 'c' });
  const [event] = harness.events;
  expect(Object.entries(event?.queryStringParameters ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  expect(Object.entries(event?.multiValueHeaders ?? {})).toContainEqual(['__proto__', ['c']]);
});

describe('a body', () => {
  it.each([
    ['text', Buffer.from('{"é": "\u{1f600}"}'), '{"é": "\u{1f600}"}', false],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0x00, 0xe9]), '/wDp', true],
  ])('of %s is passed on', async (_, sent, body, isBase64Encoded) => {
    await send(harness, 'POST /v0/jobs/7', {}, sent);
    expect(harness.events).toMatchObject([{ body, isBase64Encoded }]);
  });

  it('of 10 MB is passed on', async () => {
    await send(harness, 'POST /v0/jobs/7', {}, Buffer.alloc(10 * 1024 * 1024, 'x'));
    expect(harness.events[0]?.body).toHaveLength(10 * 1024 * 1024);
  });

  it('over 10 MB is refused', async () => {
    const sent = Buffer.alloc(10 * 1024 * 1024 + 1, 'x');
    const { status, headers, body } = await send(harness, 'POST /v0/jobs/7', {}, sent);
    const request_id = headers['x-amzn-requestid'];
    const error = 'The body may have 10485760 bytes.';
    expect(status).toBe(413);
    expect(JSON.parse(body)).toEqual({ error, code: 'body_too_large', request_id });
    expect(harness.events).toEqual([]);
  });
});

describe('the context', () => {
  it('tells of the invocation', async () => {
    await send(harness, 'POST /v0/jobs/7');
    const [context] = harness.contexts;
    expect(context).toMatchObject({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'POST-v0-jobs-job_id-',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:POST-v0-jobs-job_id-',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const remaining = context?.getRemainingTimeInMillis();
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(29_000);
  });

  it('has no callbacks', async () => {
    await send(harness, 'POST /v0/jobs/7');
    expect(() => harness.contexts[0]?.succeed({})).toThrow('Return a promise');
  });
});
