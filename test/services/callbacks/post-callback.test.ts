import { expect, it } from 'vitest';
import { type PostOptions, postCallback } from '../../../services/callbacks/post-callback.ts';
import { resolvesTo } from '../fake-internet.ts';
import { hang, hangUp, type Origin, type Reply, redirect, status, useOrigins } from '../origin.ts';

const startOrigin = useOrigins();

/** Posts to an origin that replies like this. */
async function post(reply: Reply, options: Partial<PostOptions> = {}) {
  const origin = await startOrigin({ '/callback': reply });
  return { origin, delivery: await postTo(origin.at('/callback'), options) };
}

function postTo(url: string, options: Partial<PostOptions> = {}) {
  return postCallback(url, '{"a":1}', { 'webhook-id': 'msg_1' }, { allowPrivateHosts: true, ...options });
}

it('sends the body and the headers as JSON', async () => {
  let body = '';
  const { origin, delivery } = await post((request, response) => {
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => response.writeHead(200).end());
  });
  expect(delivery).toEqual({ delivered: true, status: 200 });
  expect(body).toBe('{"a":1}');
  expect(origin.requests).toMatchObject([
    { headers: { 'content-type': 'application/json', 'user-agent': 'octet', 'webhook-id': 'msg_1' } },
  ]);
});

it.each([200, 201, 202, 204, 299])('counts %i as delivered', async (code) => {
  expect((await post(status(code))).delivery).toEqual({ delivered: true, status: code });
});

it.each([
  [304, 'The receiver answered 304, and redirects are not followed; give the URL that it leads to.', false],
  [400, 'The receiver answered 400, and only a 2xx counts.', false],
  [404, 'The receiver answered 404, and only a 2xx counts.', false],
  [410, 'The receiver answered 410, and only a 2xx counts.', true],
  [500, 'The receiver answered 500, and only a 2xx counts.', false],
])('does not count %i: %s (for good: %s)', async (code, error, final) => {
  expect((await post(status(code))).delivery).toEqual({ delivered: false, status: code, error, final });
});

it('does not follow redirects', async () => {
  const elsewhere = await startOrigin({ '/': status(204) });
  const { delivery } = await post(redirect(elsewhere.at('/'), 308));
  expect(delivery).toMatchObject({ delivered: false, status: 308, final: false });
  expect(elsewhere.requests).toEqual([]);
});

it('does not wait for the end of an answer', async () => {
  const { delivery } = await post((_, response) => response.writeHead(200).write('The first of many bytes'));
  expect(delivery).toEqual({ delivered: true, status: 200 });
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toUTCString();

it.each<[string, string, number | undefined]>([
  ['a number of seconds', '120', 120],
  ['a date', inAnHour(), 3600],
  ['a date that has passed', 'Fri, 31 Dec 1999 23:59:59 GMT', 0],
  ['something else', 'soon', undefined],
])('tells when the receiver asks to be left alone for %s', async (_, header, seconds) => {
  const { delivery } = await post(status(503, { 'retry-after': header }));
  const retryAfter = 'retryAfter' in delivery ? delivery.retryAfter : undefined;
  // Dates are exact to a second.
  if (seconds === 3600) expect([3599, 3600]).toContain(retryAfter);
  else expect(retryAfter).toBe(seconds);
});

it.each<[string, Reply, string]>([
  ['never answers', hang, 'The receiver did not answer in time.'],
  ['hangs up', hangUp, 'The receiver could not be reached (ECONNRESET).'],
])('tries a receiver again that %s', async (_, reply, error) => {
  const { delivery } = await post(reply, { timeoutMs: 200 });
  expect(delivery).toEqual({ delivered: false, error, final: false });
});

it('tries a receiver again that refuses connections', async () => {
  const gone: Origin = await startOrigin({});
  await gone.close();
  const error = 'The receiver could not be reached (ECONNREFUSED).';
  expect(await postTo(gone.at('/'))).toEqual({ delivered: false, error, final: false });
});

it.each<[string, string, Partial<PostOptions>]>([
  ['is at a private address', 'http://127.0.0.1/', {}],
  ['has a name with a private address', 'http://receiver.example/', { resolve: resolvesTo('10.0.0.1') }],
])('gives a receiver up that %s', async (_, url, options) => {
  const { hostname } = new URL(url);
  const error = `${hostname} is at a private, local or reserved address, and such addresses are refused; use a public URL.`;
  expect(await postTo(url, { ...options, allowPrivateHosts: false })).toEqual({
    delivered: false,
    error,
    final: true,
  });
});

it('says nothing of the URL, which may hold a token', async () => {
  const gone = await startOrigin({});
  await gone.close();
  expect(JSON.stringify(await postTo(gone.at('/?token=hush')))).not.toContain('hush');
});
