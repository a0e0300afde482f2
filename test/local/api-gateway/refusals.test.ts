import { describe, expect, it } from 'vitest';
import { send, useGateway } from './harness.ts';

describe('with API keys', () => {
  const harness = useGateway({
    routes: ['GET /jobs'],
    openRoutes: ['GET /health'],
    apiKeys: new Map([['sesame', 'key-1']]),
  });
  const identity = () => harness.events[0]?.requestContext.identity;

  it('a key is passed on with its id', async () => {
    expect(await send(harness, 'GET /jobs', { 'X-Api-Key': 'sesame' })).toMatchObject({ status: 200 });
    expect(identity()).toMatchObject({ apiKey: 'sesame', apiKeyId: 'key-1' });
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['no key', {}],
    ['an unknown key', { 'x-api-key': 'other' }],
    ['an empty key', { 'x-api-key': '' }],
    ['a key in another case', { 'x-api-key': 'Sesame' }],
    ['two keys', { 'x-api-key': ['sesame', 'sesame'] }],
  ])('%s is refused', async (_, headers) => {
    const reply = await send(harness, 'GET /jobs', headers);
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.body)).toEqual({
      error: 'A valid key is needed in the header x-api-key.',
      code: 'forbidden',
      request_id: reply.headers['x-amzn-requestid'],
    });
    expect(harness.events).toEqual([]);
  });

  it('a route may do without', async () => {
    expect(await send(harness, 'GET /health')).toMatchObject({ status: 200 });
    expect(identity()).not.toHaveProperty('apiKeyId');
  });
});

it('what is not there is not found, with or without a key', async () => {
  expect(await send(open, 'GET /other')).toMatchObject({ status: 404 });
});

const open = useGateway({ routes: ['GET /jobs', 'POST /jobs'] });

describe('without API keys', () => {
  it('nobody is asked for one', async () => {
    expect(await send(open, 'GET /jobs', { 'x-api-key': 'sesame' })).toMatchObject({ status: 200 });
    expect(open.events[0]?.requestContext.identity).not.toHaveProperty('apiKey');
    expect(open.events[0]?.requestContext.identity).not.toHaveProperty('apiKeyId');
  });
});

/** PORT stands for the gateway's. */
const withPort = (text: string) => text.replace('PORT', String(open.gateway.port));

describe('a Host', () => {
  it.each([
    ['127.0.0.1:PORT', 200],
    ['localhost:PORT', 200],
    ['LocalHost:PORT', 200],
    ['[::1]:PORT', 200],
    ['localhost', 403],
    ['localhost:1', 403],
    ['evil.example:PORT', 403],
    ['localhost.evil.example:PORT', 403],
    ['evil.example@127.0.0.1:PORT', 403],
    ['127.0.0.1:PORT0', 403],
  ])('%s is answered with %d', async (host, status) => {
    const reply = await send(open, 'GET /jobs', { host: withPort(host) });
    expect(reply.status).toBe(status);
    if (status === 403) expect(JSON.parse(reply.body)).toMatchObject({ code: 'forbidden' });
    expect(open.events).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('an Origin', () => {
  it.each([
    ['POST', 'http://127.0.0.1:PORT', 200],
    ['POST', 'http://localhost:PORT', 403],
    ['POST', 'https://127.0.0.1:PORT', 403],
    ['POST', 'http://127.0.0.1:1', 403],
    ['POST', 'https://evil.example', 403],
    ['POST', 'null', 403],
    ['GET', 'https://evil.example', 200],
    ['OPTIONS', 'https://evil.example', 404],
  ])('%s from %s is answered with %d', async (method, origin, status) => {
    const reply = await send(open, `${method} /jobs`, { origin: withPort(origin) });
    expect(reply.status).toBe(status);
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
    expect(open.events).toHaveLength(status === 200 ? 1 : 0);
  });

  it('that is not its own is told so', async () => {
    const { body } = await send(open, 'POST /jobs', { origin: 'https://evil.example' });
    const error = 'A web page of another origin may not POST here.';
    expect(JSON.parse(body)).toMatchObject({ error, code: 'forbidden' });
  });
});
