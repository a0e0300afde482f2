import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForbiddenAddressError } from '../../services/address-guard.ts';
import { GuardedClient, type GuardedClientOptions } from '../../services/guarded-client.ts';
import { HttpInput } from '../../services/http-input.ts';
import { publicAddress, resolvesTo, useFakeInternet } from './fake-internet.ts';
import { file, redirect, useOrigins } from './origin.ts';

const start = useOrigins();
const bytes = Buffer.alloc(1000, 7);

/** A server in the private network, which nobody may so much as connect to. */
let canary: { port: number; connections: () => number; close: () => Promise<unknown> };

beforeEach(async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.resume();
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The canary has no port');
  canary = {
    port: address.port,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
});

afterEach(() => canary.close());
useFakeInternet();

async function get(url: string, options: Partial<GuardedClientOptions> = {}): Promise<string> {
  const client = new GuardedClient({ allowPrivateHosts: false, ...options });
  try {
    return await text(await client.send(url));
  } finally {
    client.destroy();
  }
}

function openInput(url: string, options: Partial<GuardedClientOptions> = {}): Promise<HttpInput> {
  const retry = { attempts: 1, wait: async () => {} };
  return HttpInput.open(url, { allowPrivateHosts: false, retry, ...options });
}

describe('what a private server is reached by', () => {
  it('is its address, where private hosts are allowed', async () => {
    expect(await get(`http://127.0.0.1:${canary.port}`, { allowPrivateHosts: true })).toBe('secret');
    expect(canary.connections()).toBe(1);
  });

  it('is its name, where private hosts are allowed', async () => {
    const options = { allowPrivateHosts: true, resolve: resolvesTo('127.0.0.1') };
    expect(await get(`http://canary.example:${canary.port}`, options)).toBe('secret');
  });

  it('is a public address, which the network leads there', async () => {
    expect(await get(`http://example.com:${canary.port}`, { resolve: resolvesTo(publicAddress) })).toBe(
      'secret',
    );
    expect(await get(`http://${publicAddress}:${canary.port}`)).toBe('secret');
  });
});

describe('a private server is not even connected to by', () => {
  const hosts = [
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    '0',
    'localhost',
    'LOCALHOST',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
  ];

  it.each(hosts)('its address %s', async (host) => {
    await expect(get(`http://${host}:${canary.port}`)).rejects.toBeInstanceOf(ForbiddenAddressError);
    await expect(get(`https://${host}:${canary.port}`)).rejects.toBeInstanceOf(ForbiddenAddressError);
    expect(canary.connections()).toBe(0);
  });

  it.each<[string, string[]]>([
    ['its address', ['127.0.0.1']],
    ['its address in IPv6', ['::1']],
    ['its address mapped into IPv6', ['::ffff:127.0.0.1']],
    ['a public and its address', [publicAddress, '127.0.0.1']],
    ['its and a public address', ['127.0.0.1', publicAddress]],
  ])('a name with %s', async (_, addresses) => {
    const refused = get(`http://canary.example:${canary.port}`, { resolve: resolvesTo(...addresses) });
    await expect(refused).rejects.toThrow('canary.example is at a private, local or reserved address');
    expect(canary.connections()).toBe(0);
  });

  it.each([
    ...hosts.map((host) => `http://${host}:PORT/`),
    'https://127.0.0.1:PORT/',
    '//127.0.0.1:PORT/',
    'http://name.example:PORT/',
  ])('a redirect to %s', async (location) => {
    const target = location.replace('PORT', String(canary.port));
    const origin = await start({ '/in.mp4': redirect(target) });
    const resolve = (name: string) =>
      resolvesTo(name === 'files.example' ? publicAddress : '127.0.0.1')(name);
    const opened = openInput(`http://files.example:${origin.port}/in.mp4`, { resolve });
    await expect(opened).rejects.toMatchObject({
      code: 'input_unreachable',
      message: expect.stringMatching(/is at a private, local or reserved address/),
    });
    expect(origin.requests).toHaveLength(1);
    expect(canary.connections()).toBe(0);
  });

  it('a name that changes its address after it was checked', async () => {
    const answers = [publicAddress, '127.0.0.1'];
    const resolve = (name: string) => resolvesTo(answers.shift() ?? '127.0.0.1')(name);
    // Without a connection that could be used again, the second request has to resolve the name again.
    const origin = await start({ '/in.mp4': file(bytes, { headers: { connection: 'close' } }) });
    const input = await openInput(`http://files.example:${origin.port}/in.mp4`, { resolve });
    await expect(input.openRange(0, 9)).rejects.toThrow(
      'files.example is at a private, local or reserved address',
    );
    expect(origin.requests).toHaveLength(1);
    input.close();
  });
});

it('a name is resolved once for a connection, and never by anybody else', async () => {
  const asked: string[] = [];
  const resolve = (name: string) => {
    asked.push(name);
    return resolvesTo(publicAddress)(name);
  };
  await get(`http://once.example:${canary.port}`, { resolve });
  expect(asked).toEqual(['once.example']);
});

it.each<[string, object, string]>([
  ['has no address', { resolve: resolvesTo() }, 'ENOTFOUND'],
  [
    'is not resolved',
    { resolve: () => Promise.reject(Object.assign(new Error(), { code: 'EAI_AGAIN' })) },
    'EAI_AGAIN',
  ],
  ['is not resolved in time', { resolve: () => new Promise(() => {}), connectTimeoutMs: 50 }, 'ETIMEDOUT'],
])('a name that %s fails with %3$s', async (_, options, code) => {
  await expect(get('http://nowhere.example', options)).rejects.toMatchObject({ code });
});
