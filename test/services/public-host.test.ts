import { describe, expect, it } from 'vitest';
import { OctetError } from '../../domain/errors.ts';
import {
  assertPublicHost,
  ForbiddenAddressError,
  UnresolvableHostError,
} from '../../services/address-guard.ts';
import { publicAddress, resolvesTo } from './fake-internet.ts';

const guarded = { allowPrivateHosts: false };
const open = { allowPrivateHosts: true };

describe("a callback's host", () => {
  const failing = (code: string) => async () => {
    throw Object.assign(new Error(`getaddrinfo ${code}`), { code });
  };
  const never = () => new Promise<never>(() => {});

  it.each<[string, string, object]>([
    [
      'has public addresses alone',
      'https://hooks.example.com',
      { resolve: resolvesTo(publicAddress, '2606:4700::1') },
    ],
    ['is a public address itself', 'https://8.8.8.8', { resolve: failing('ENOTFOUND') }],
    ['is private where that is allowed', 'http://hooks.local', { ...open, resolve: resolvesTo('127.0.0.1') }],
    [
      'is a private address where that is allowed',
      'http://[::1]:80',
      { ...open, resolve: failing('ENOTFOUND') },
    ],
  ])('is accepted when it %s', async (_, url, options) => {
    await expect(assertPublicHost(url, { ...guarded, ...options })).resolves.toBeUndefined();
  });

  it.each<[string, string, string[]]>([
    ['resolves to loopback', 'http://hooks.example.com', ['127.0.0.1']],
    ['resolves to metadata', 'http://hooks.example.com', ['169.254.169.254']],
    ['resolves to public and private addresses', 'http://hooks.example.com', [publicAddress, '10.0.0.1']],
    ['resolves to a unique local address', 'http://hooks.example.com', ['fd00::1', publicAddress]],
    ['is a private address', 'http://10.0.0.1', [publicAddress]],
    ['is loopback in decimal', 'http://2130706433', [publicAddress]],
    ['has a user', 'http://user@hooks.example.com', [publicAddress]],
    ['is no host at all', 'mailto:hooks@example.com', [publicAddress]],
  ])('is refused when it %s', async (_, url, addresses) => {
    const refused = assertPublicHost(url, { ...guarded, resolve: resolvesTo(...addresses) });
    await expect(refused).rejects.toBeInstanceOf(ForbiddenAddressError);
  });

  it('is localhost, which the resolver of every system knows', async () => {
    await expect(assertPublicHost('http://LOCALHOST:8080', guarded)).rejects.toThrow(
      'localhost is at a private, local or reserved address',
    );
  });

  it.each<[string, object, boolean, string]>([
    [
      'does not exist',
      { resolve: failing('ENOTFOUND') },
      false,
      'hooks.example.com does not exist; check the URL.',
    ],
    [
      'has no record',
      { resolve: failing('ENODATA') },
      false,
      'hooks.example.com does not exist; check the URL.',
    ],
    ['has no address', { resolve: resolvesTo() }, false, 'hooks.example.com has no address; check the URL.'],
    [
      'cannot be resolved now',
      { resolve: failing('EAI_AGAIN') },
      true,
      'hooks.example.com could not be resolved; try again later.',
    ],
    [
      'is not resolved in time',
      { resolve: never, resolveTimeoutMs: 1 },
      true,
      'hooks.example.com was not resolved in time; try again later.',
    ],
    [
      'does not exist where private hosts are allowed',
      { ...open, resolve: failing('ENOTFOUND') },
      false,
      'hooks.example.com does not exist; check the URL.',
    ],
  ])('is refused when it %s', async (_, options, transient, message) => {
    const refused = assertPublicHost('https://hooks.example.com', { ...guarded, ...options });
    await expect(refused).rejects.toBeInstanceOf(UnresolvableHostError);
    await expect(refused).rejects.toMatchObject({ message, transient, code: 'invalid_request' });
  });

  it('is refused with an error that the API can answer with', async () => {
    const refused = assertPublicHost('http://127.0.0.1', guarded);
    await expect(refused).rejects.toBeInstanceOf(OctetError);
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', status: 400 });
  });
});
