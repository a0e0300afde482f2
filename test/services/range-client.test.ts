import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discard, RangeClient } from '../../services/range-client.ts';
import { file, hangUp, type Routes, redirect, status, useOrigins } from './origin.ts';

const start = useOrigins();
const content = Buffer.from('0123456789');
const clients: RangeClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function clientFor(url: string): RangeClient {
  const client = new RangeClient(url, { allowPrivateHosts: true });
  clients.push(client);
  return client;
}

async function text(client: RangeClient, start = 0, end = 4): Promise<string> {
  const answer = await client.get(start, end);
  const chunks = await answer.body.toArray();
  return `${answer.status} ${Buffer.concat(chunks)}`;
}

/** `/0` leads to `/1`, and so on, to the file. */
function chain(redirects: number): Routes {
  const hops = Array.from({ length: redirects }, (_, index) => [`/${index}`, redirect(`/${index + 1}`)]);
  return { ...Object.fromEntries(hops), [`/${redirects}`]: file(content) };
}

describe('redirects', () => {
  it.each([0, 1, 5])('are followed, up to %d', async (redirects) => {
    const origin = await start(chain(redirects));
    expect(await text(clientFor(origin.at('/0')))).toBe('206 01234');
    expect(origin.requests).toHaveLength(redirects + 1);
    expect(origin.requests.every(({ range }) => range === '0-4')).toBe(true);
  });

  it.each([301, 302, 303, 307, 308])('with status %d are followed', async (code) => {
    const origin = await start({ '/a': redirect('/b', code), '/b': file(content) });
    expect(await text(clientFor(origin.at('/a')))).toBe('206 01234');
  });

  it.each<[string, Routes]>([
    ['are more than 5', chain(6)],
    ['lead to themselves', { '/0': redirect('/0') }],
    ['lead in a circle', { '/0': redirect('/1'), '/1': redirect('/0') }],
  ])('are refused when they %s', async (_, routes) => {
    const origin = await start(routes);
    await expect(text(clientFor(origin.at('/0?secret')))).rejects.toMatchObject({
      code: 'input_unreachable',
      transient: false,
      message: `${origin.at('/0')} redirects more than 5 times: give the URL that it leads to.`,
    });
    expect(origin.requests).toHaveLength(6);
  });

  it.each([
    ['/elsewhere/b', '/elsewhere/b'],
    ['b', '/folder/b'],
    ['../b', '/b'],
    ['?b', '/folder/a'],
  ])('to %s lead to %s', async (location, path) => {
    const origin = await start({ '/folder/a': [redirect(location), file(content)], [path]: file(content) });
    if (path === '/folder/a') origin.routes[path] = [redirect(location), file(content)];
    const client = clientFor(origin.at('/folder/a'));
    expect(await text(client)).toBe('206 01234');
    expect(client.url.pathname).toBe(path);
  });

  it('lead to another host', async () => {
    const target = await start({ '/in.mp4': file(content) });
    const origin = await start({ '/a': redirect(target.at('/in.mp4')) });
    const client = clientFor(origin.at('/a'));
    expect(await text(client)).toBe('206 01234');
    expect(client.url.href).toBe(target.at('/in.mp4'));
  });

  it.each(['file:///etc/passwd', 'ftp://example.com/', 'data:text/plain,x', 'javascript:alert(1)'])(
    'to %s are refused',
    async (location) => {
      const origin = await start({ '/a': redirect(location) });
      await expect(text(clientFor(origin.at('/a')))).rejects.toMatchObject({
        code: 'input_unreachable',
        message: 'The URL must be absolute and start with http:// or https://.',
      });
    },
  );

  it('to a URL with a user are refused', async () => {
    const origin = await start({ '/a': redirect('http://user:secret@example.com/') });
    await expect(text(clientFor(origin.at('/a')))).rejects.toThrow('must not hold a user name or a password');
  });

  it('are followed once, and the next request goes where they ended', async () => {
    const origin = await start({ '/a': redirect('/b'), '/b': file(content) });
    const client = clientFor(origin.at('/a'));
    await text(client);
    await text(client, 5, 9);
    expect(origin.requests.map(({ path, range }) => `${path} ${range}`)).toEqual([
      '/a 0-4',
      '/b 0-4',
      '/b 5-9',
    ]);
  });
});

describe('a redirect to a signed URL', () => {
  it.each([400, 401, 403, 404, 410])('that runs out with %d is asked for anew', async (code) => {
    const origin = await start({
      '/a': [redirect('/signed-1'), redirect('/signed-2')],
      '/signed-1': [file(content), status(code)],
      '/signed-2': file(content),
    });
    const client = clientFor(origin.at('/a'));
    expect(await text(client)).toBe('206 01234');
    expect(await text(client, 5, 9)).toBe('206 56789');
    expect(origin.requests.map(({ path }) => path)).toEqual([
      '/a',
      '/signed-1',
      '/signed-1',
      '/a',
      '/signed-2',
    ]);
  });

  it('that stays refused is told, and is not asked for again and again', async () => {
    const origin = await start({ '/a': redirect('/signed'), '/signed': [file(content), status(403)] });
    const client = clientFor(origin.at('/a'));
    await text(client);
    await expect(text(client)).rejects.toThrow(`${origin.at('/signed')} answered 403`);
    expect(origin.requests.map(({ path }) => path)).toEqual(['/a', '/signed', '/signed', '/a', '/signed']);
  });

  it.each<[string, typeof hangUp]>([
    ['fails', status(503)],
    ['is gone', hangUp],
  ])('whose host %s is asked for anew by the next try', async (_, failure) => {
    const origin = await start({
      '/a': [redirect('/host-1'), redirect('/host-2')],
      '/host-1': [file(content), failure],
      '/host-2': file(content),
    });
    const client = clientFor(origin.at('/a'));
    await text(client);
    await expect(text(client)).rejects.toMatchObject({ transient: true });
    expect(await text(client, 5, 9)).toBe('206 56789');
    expect(origin.requests.map(({ path }) => path)).toEqual(['/a', '/host-1', '/host-1', '/a', '/host-2']);
  });
});

describe('an answer', () => {
  let statuses: Routes;
  beforeEach(() => {
    statuses = Object.fromEntries(
      [200, 206, 412, 416].map((code) => [`/${code}`, status(code, { etag: '"a"' })]),
    );
  });

  it.each([200, 206, 412, 416])('with status %d is passed on', async (code) => {
    const origin = await start(statuses);
    const answer = await clientFor(origin.at(`/${code}`)).get(0, 9);
    expect(answer).toMatchObject({ status: code });
    expect([answer.header('etag'), answer.header('x-none')]).toEqual(['"a"', undefined]);
    discard(answer.body);
  });

  it('is asked for with the given conditions, which redirects keep', async () => {
    const origin = await start({ '/a': redirect('/b'), '/b': status(412) });
    discard((await clientFor(origin.at('/a')).get(0, 9, { 'if-match': '"a"' })).body);
    expect(origin.requests.map(({ headers }) => headers['if-match'])).toEqual(['"a"', '"a"']);
  });
});
