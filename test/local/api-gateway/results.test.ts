import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Answer, send, useGateway } from './harness.ts';

const never = () => new Promise(() => {});
let answer: Answer;
const harness = useGateway({
  routes: ['GET /jobs', 'POST /jobs'],
  answer: (event, context) => answer(event, context),
  integrationTimeout: 250,
});

describe('a result', () => {
  it('is sent with its status, headers and body', async () => {
    answer = () => ({
      statusCode: 201,
      headers: { 'Content-Type': 'text/plain', 'X-Count': 3, 'X-Flag': true, 'X-Both': 'a' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'x-both': ['b', 'c'] },
      body: 'é',
    });
    const reply = await send(harness, 'GET /jobs');
    expect(reply).toMatchObject({ status: 201, body: 'é' });
    expect(reply.headers).toMatchObject({
      'content-type': 'text/plain',
      'content-length': '2',
      'x-count': '3',
      'x-flag': 'true',
      'x-both': 'b, c',
      'set-cookie': ['a=1', 'b=2'],
      'x-amzn-requestid': harness.events[0]?.requestContext.requestId,
    });
  });

  it('is JSON when it says nothing else', async () => {
    answer = () => ({ statusCode: 200, body: '{}' });
    expect((await send(harness, 'GET /jobs')).headers['content-type']).toBe('application/json');
  });

  it('may be bytes', async () => {
    answer = () => ({ statusCode: 200, body: '/wDp', isBase64Encoded: true });
    const response = await fetch(`${harness.gateway.url}/jobs`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0xff, 0x00, 0xe9]));
  });

  it('may lack a body', async () => {
    answer = () => ({ statusCode: 204 });
    expect(await send(harness, 'GET /jobs')).toMatchObject({ status: 204, body: '' });
  });

  it('cannot set what is the business of the gateway', async () => {
    const headers = { 'Content-Length': '1', 'Transfer-Encoding': 'chunked', 'X-Amzn-RequestId': 'mine' };
    answer = () => ({ statusCode: 200, headers, body: 'whole' });
    const reply = await send(harness, 'GET /jobs');
    expect(reply.body).toBe('whole');
    expect(reply.headers['transfer-encoding']).toBeUndefined();
    expect(reply.headers['x-amzn-requestid']).toBe(harness.events[0]?.requestContext.requestId);
  });
});

describe('a function is answered for with 502', () => {
  const body = 'secret';

  it.each<[string, Answer]>([
    ['rejects', () => Promise.reject(new Error(body))],
    [
      'throws',
      () => {
        throw new Error(body);
      },
    ],
    ['answers nothing', () => undefined],
    ['answers a text', () => body],
    ['answers no status', () => ({ body })],
    ['answers a status in a text', () => ({ statusCode: '200', body })],
    ['answers a status that there is not', () => ({ statusCode: 99, body })],
    ['answers a body that is not a text', () => ({ statusCode: 200, body: { body } })],
    ['answers a header that is not a text', () => ({ statusCode: 200, headers: { a: {} }, body })],
    ['answers a header of two lines', () => ({ statusCode: 200, headers: { 'x-a': 'b\r\nc: d' }, body })],
    ['answers a header whose name is none', () => ({ statusCode: 200, headers: { 'x a': 'b' }, body })],
    ['answers more than it may', () => ({ statusCode: 200, body, cookies: [] })],
  ])('when it %s', async (_, each) => {
    answer = each;
    const reply = await send(harness, 'GET /jobs?a=b');
    const request_id = harness.events[0]?.requestContext.requestId;
    expect(reply.status).toBe(502);
    expect(JSON.parse(reply.body)).toEqual({
      error: 'Something went wrong on our side; the request id finds it in the log.',
      code: 'internal',
      request_id,
    });
    expect(reply.headers).not.toHaveProperty('x-a');
    expect(harness.logged).toEqual([
      expect.stringContaining(`api: GET /jobs?a=b (request ${request_id}) is answered with 502: `),
    ]);
  });

  it('and the log says why', async () => {
    answer = () => Promise.reject(new Error('out of order'));
    await send(harness, 'GET /jobs');
    expect(harness.logged.join()).toContain('Error: out of order');
  });
});

it('a function that takes too long is answered for with 504', async () => {
  answer = never;
  const { status, body } = await send(harness, 'GET /jobs');
  expect(status).toBe(504);
  expect(JSON.parse(body)).toMatchObject({ code: 'internal' });
  expect(harness.logged).toEqual([expect.stringContaining('has not answered within 250 ms')]);
});

it('a client that goes away in mid-body is no failure', async () => {
  answer = () => ({ statusCode: 200, body: '{}' });
  const aborted = request(`${harness.gateway.url}/jobs`, {
    method: 'POST',
    headers: { 'content-length': 1000 },
  });
  const closed = new Promise((resolve) => aborted.on('error', () => {}).on('close', resolve));
  await new Promise((resolve) => aborted.write('{', resolve));
  aborted.destroy();
  await closed;
  expect(await send(harness, 'POST /jobs')).toMatchObject({ status: 200 });
  expect(harness.events).toHaveLength(1);
  expect(harness.logged).toEqual([]);
});

it('a client that goes away before the result is no failure', async () => {
  let release = () => {};
  answer = () =>
    new Promise<void>((resolve) => (release = resolve)).then(() => ({ statusCode: 200, body: '' }));
  const leaving = new AbortController();
  const left = fetch(`${harness.gateway.url}/jobs`, { signal: leaving.signal }).catch(() => {});
  await expect.poll(() => harness.events).toHaveLength(1);
  leaving.abort();
  await left;
  release();
  answer = () => ({ statusCode: 200, body: '{}' });
  expect(await send(harness, 'GET /jobs')).toMatchObject({ status: 200 });
  expect(harness.logged).toEqual([]);
});
