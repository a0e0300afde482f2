import type { LookupAddress } from 'node:dns';
import net from 'node:net';
import { afterEach, beforeEach, vi } from 'vitest';

/** An address on the Internet, at which tests have their servers. */
export const publicAddress = '93.184.215.14';

/** Answers every name alike. */
export function resolvesTo(...addresses: string[]): (hostname: string) => Promise<LookupAddress[]> {
  return async () => addresses.map((address) => ({ address, family: net.isIP(address) }));
}

/**
 * Leads connections that are made to `publicAddress` to loopback, after everything that decides where to connect to. So the
 * tests' servers are at a public address for the code that is tested, and at a private one only for the system.
 */
export function useFakeInternet(): void {
  const { connect } = net.Socket.prototype;
  beforeEach(() => {
    vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (
      this: net.Socket,
      ...args: unknown[]
    ) {
      return Reflect.apply(connect, this, withDetour(args));
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}

/** @param args of a socket's `connect`: options and listener, which Node itself hands over in one array */
function withDetour(args: unknown[]): unknown[] {
  const [first, ...rest] = args;
  if (Array.isArray(first)) {
    first[0] = detoured(first[0]);
    return args;
  }
  return [detoured(first as net.TcpNetConnectOpts), ...rest];
}

function detoured(options: net.TcpNetConnectOpts): net.TcpNetConnectOpts {
  const { lookup } = options;
  return {
    ...options,
    host: detour(options.host ?? ''),
    lookup:
      lookup &&
      ((hostname, how, callback) =>
        lookup(hostname, how, (error, found, family) => callback(error, detourAll(found), family))),
  };
}

function detourAll(found: string | LookupAddress[]): string | LookupAddress[] {
  if (!Array.isArray(found)) return detour(found);
  return found.map(({ address, family }) => ({ address: detour(address), family }));
}

function detour(address: string): string {
  return address === publicAddress ? '127.0.0.1' : address;
}
