import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';

/** A URL that points, or whose name resolves, to where users' URLs may not lead. Its message is a sentence for the user. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

export interface AddressPolicy {
  /** Lets loopback, private, link-local and metadata addresses through: for laptops and tests alone. */
  readonly allowPrivateHosts: boolean;
}

export interface GuardedAgentOptions extends AddressPolicy {
  /** Limit for DNS, TCP and TLS together. @default 5000 */
  readonly connectTimeoutMs?: number;
  /** Resolves a name to all its addresses. @default the system's resolver */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

/**
 * Whether an IP address is public unicast. Forms of IPv6 that carry an IPv4 address on a public path (mapped, NAT64) count as
 * that address; 6to4 and Teredo are gone from the public Internet and are refused altogether.
 * Ranges: https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  if (parsed.range() === 'ipv4Mapped') return parsed.toIPv4Address().range() === 'unicast';
  if (parsed.match(ipaddr.IPv6.parse('64:ff9b::'), 96)) {
    return new ipaddr.IPv4(parsed.toByteArray().slice(12)).range() === 'unicast';
  }
  // Outside 2000::/3 nothing is global unicast, but the ranges of ipaddr.js have gaps there, such as ::127.0.0.1.
  return parsed.range() === 'unicast' && parsed.match(ipaddr.IPv6.parse('2000::'), 3);
}

/**
 * Checks what a URL itself says: scheme, user name, literal IP address. Names are checked at connect, by the agent.
 *
 * @throws ForbiddenAddressError
 */
export function assertAllowedUrl(url: string | URL, { allowPrivateHosts }: AddressPolicy): URL {
  // WHATWG parsing turns decimal, octal, hexadecimal and shortened IPv4 hosts into the dotted form.
  const parsed = URL.canParse(url.toString()) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new ForbiddenAddressError('The URL must be absolute and start with http:// or https://.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new ForbiddenAddressError('The URL must not hold a user name or a password; use a presigned URL.');
  }
  if (!allowPrivateHosts) assertAllowedLiteral(parsed.hostname);
  return parsed;
}

/**
 * An agent that connects to public addresses alone. It resolves a name once and connects to the addresses that it has
 * checked, so a name that changes its answer between check and connect (DNS rebinding) gains nothing.
 */
export function createGuardedAgent(options: GuardedAgentOptions): Agent {
  const connect = buildConnector({
    timeout: options.connectTimeoutMs ?? 5000,
    lookup: guardedLookup(options),
  });
  return new Agent({
    connect: (target, callback) => {
      try {
        // Sockets do not look literal addresses up, so the lookup below never sees them.
        if (!options.allowPrivateHosts) assertAllowedLiteral(target.hostname);
      } catch (error) {
        callback(error as ForbiddenAddressError, null);
        return;
      }
      connect(target, callback);
    },
  });
}

function assertAllowedLiteral(hostname: string): void {
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw forbidden(hostname);
}

function guardedLookup({ allowPrivateHosts, resolve = resolveAll }: GuardedAgentOptions): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) {
          callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '');
        } else if (!allowPrivateHosts && !addresses.every(({ address }) => isPublicAddress(address))) {
          callback(forbidden(hostname), '');
        } else if (options.all) {
          callback(null, [...addresses]);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

function resolveAll(hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

function forbidden(hostname: string): ForbiddenAddressError {
  return new ForbiddenAddressError(
    `${hostname} is at a private, local or reserved address, and such addresses are refused; use a public URL.`,
  );
}
