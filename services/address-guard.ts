import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { OctetError } from '../domain/errors.ts';

/** A URL that points, or whose name resolves, to where users' URLs may not lead. */
export class ForbiddenAddressError extends OctetError {
  override readonly name = 'ForbiddenAddressError';

  constructor(message: string) {
    super('invalid_request', message);
  }
}

/** A host name that has no address, or whose addresses could not be found out. */
export class UnresolvableHostError extends OctetError {
  override readonly name = 'UnresolvableHostError';
  /** Whether it may well be resolved later: the resolver failed or was slow, and did not say that there is no such name. */
  readonly transient: boolean;

  constructor(message: string, transient: boolean, options?: { cause?: unknown }) {
    super('invalid_request', message, options);
    this.transient = transient;
  }
}

export interface AddressPolicy {
  /** Lets loopback, private, link-local and metadata addresses through: for laptops and tests alone. */
  readonly allowPrivateHosts: boolean;
}

export interface ResolverOptions extends AddressPolicy {
  /** Resolves a name to all its addresses. @default the system's resolver */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

export interface PublicHostOptions extends ResolverOptions {
  /** Limit for DNS. @default 2000 */
  readonly resolveTimeoutMs?: number;
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
  // Outside 2000::/3 nothing is global unicast, but the ranges of ipaddr.js have gaps there, such as ::7f00:1 (127.0.0.1).
  return parsed.range() === 'unicast' && parsed.match(ipaddr.IPv6.parse('2000::'), 3);
}

/**
 * Checks what a URL itself says: scheme, user name, literal IP address. Names are checked at connect, by the lookup.
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
  if (!allowPrivateHosts && isPrivateLiteral(parsed.hostname)) throw forbidden(parsed.hostname);
  return parsed;
}

/**
 * Checks a URL and every address of its host now, for a URL that is used later. That use must be guarded too, since names
 * may change their addresses.
 *
 * @throws ForbiddenAddressError; UnresolvableHostError when the name has no address or the resolver does not answer in time
 */
export async function assertPublicHost(url: string, options: PublicHostOptions): Promise<void> {
  const { hostname } = assertAllowedUrl(url, options);
  if (isLiteral(hostname)) return;
  const addresses = await resolveInTime(hostname, options);
  if (addresses.length === 0)
    throw new UnresolvableHostError(`${hostname} has no address; check the URL.`, false);
  if (!options.allowPrivateHosts && !areAllPublic(addresses)) throw forbidden(hostname);
}

async function resolveInTime(
  hostname: string,
  { resolve = resolveAll, resolveTimeoutMs = 2000 }: PublicHostOptions,
): Promise<readonly LookupAddress[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new UnresolvableHostError(`${hostname} was not resolved in time; try again later.`, true);
    timer = setTimeout(() => reject(error), resolveTimeoutMs);
  });
  try {
    return await Promise.race([
      resolve(hostname).catch((error) => Promise.reject(unresolvable(hostname, error))),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** The codes are those of getaddrinfo and of c-ares: https://nodejs.org/api/dns.html#error-codes */
function unresolvable(hostname: string, error: NodeJS.ErrnoException): UnresolvableHostError {
  const isUnknown = error.code === 'ENOTFOUND' || error.code === 'ENODATA';
  const says = isUnknown ? 'does not exist; check the URL.' : 'could not be resolved; try again later.';
  return new UnresolvableHostError(`${hostname} ${says}`, !isUnknown, { cause: error });
}

function isPrivateLiteral(hostname: string): boolean {
  return isLiteral(hostname) && !isPublicAddress(withoutBrackets(hostname));
}

function isLiteral(hostname: string): boolean {
  return isIP(withoutBrackets(hostname)) !== 0;
}

/** URLs have IPv6 addresses in brackets. */
function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** One private address among public ones is enough to refuse: any of them may be the one that is connected to. */
function areAllPublic(addresses: readonly LookupAddress[]): boolean {
  return addresses.every(({ address }) => isPublicAddress(address));
}

/** A lookup for sockets that finds public addresses alone. They do not ask it about literal ones: see `assertAllowedUrl`. */
export function guardedLookup({ allowPrivateHosts, resolve = resolveAll }: ResolverOptions): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) {
          callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '');
        } else if (!allowPrivateHosts && !areAllPublic(addresses)) {
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
