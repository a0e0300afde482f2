import { type ErrorCode, OctetError } from '../domain/errors.ts';
import { ForbiddenAddressError } from './address-guard.ts';

/** Why an input could not be read. `transient` says whether the same request, sent again, may well succeed. */
export class InputError extends OctetError {
  readonly transient: boolean;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; transient?: boolean } = {}) {
    super(code, message, options);
    this.transient = options.transient ?? false;
  }
}

/** A URL as messages show it: without its query, which may be the signature of a presigned URL. */
export function displayUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

const STATUS_ADVICE: Readonly<Record<number, string>> = {
  401: 'the URL may have expired or is not public',
  403: 'the URL may have expired or is not public',
  404: 'check that the file exists',
  410: 'check that the file exists',
  429: 'the server limits requests, try again later',
};

/** The error for a status that is neither a success nor a redirect. */
export function fromStatus(status: number, url: URL): InputError {
  const advice =
    STATUS_ADVICE[status] ?? (status >= 500 ? 'the server fails, try again later' : 'check the URL');
  return new InputError('input_unreachable', `${displayUrl(url)} answered ${status}: ${advice}.`, {
    transient: status >= 500 || status === 408 || status === 429,
  });
}

/** What went wrong below HTTP. The first row that matches decides; anything unknown counts as a dropped connection. */
const NETWORK_FAILURES: ReadonlyArray<{ codes: RegExp; says: string; transient: boolean }> = [
  { codes: /^ENOTFOUND$/, says: 'its host name does not exist, check the URL', transient: false },
  { codes: /^EAI_/, says: 'its host name could not be resolved, try again later', transient: true },
  { codes: /^ECONNREFUSED$/, says: 'the server refuses connections, check host and port', transient: true },
  { codes: /^E(HOST|NET)UNREACH$/, says: 'no network path leads to its host', transient: true },
  { codes: /TIMEDOUT/, says: 'the server did not answer in time', transient: true },
  {
    codes: /CERT|SIGNED|SIGNATURE|^EPROTO$|SSL|TLS/,
    says: 'its TLS certificate or handshake failed',
    transient: false,
  },
  {
    codes: /^HPE_/,
    says: 'the server does not answer in HTTP',
    transient: false,
  },
];

/** The error for a request that got no answer, or whose answer broke off. */
export function fromNetworkFailure(error: unknown, url: URL): OctetError {
  if (error instanceof ForbiddenAddressError) {
    return new InputError('input_unreachable', error.message, { cause: error });
  }
  if (error instanceof OctetError) return error;
  const code = codeOf(error);
  const { says, transient } = NETWORK_FAILURES.find(({ codes }) => codes.test(code)) ?? {
    says: 'the server closed the connection',
    transient: true,
  };
  const message = `${displayUrl(url)} could not be read: ${says}.`;
  return new InputError('input_unreachable', message, { cause: error, transient });
}

/** The code, here or in a cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause instanceof Error ? codeOf(error.cause) : '';
}
