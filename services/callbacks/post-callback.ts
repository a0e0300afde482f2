import { ForbiddenAddressError } from '../address-guard.ts';
import { GuardedClient, type GuardedClientOptions } from '../guarded-client.ts';

/** What became of one delivery. Only a 2xx counts. */
export type Delivery =
  | { readonly delivered: true; readonly status: number }
  | {
      readonly delivered: false;
      readonly status?: number;
      /** One sentence. */
      readonly error: string;
      /** Seconds that the receiver asked to wait. */
      readonly retryAfter?: number;
      /** Whether another attempt is of any use. */
      readonly final: boolean;
    };

export interface PostOptions extends GuardedClientOptions {
  /** Milliseconds for the whole delivery. @default 15000 */
  readonly timeoutMs?: number;
}

/** Posts a callback once. Redirects are not followed, and the answer's body is not read. */
export async function postCallback(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  options: PostOptions,
): Promise<Delivery> {
  const client = new GuardedClient(options);
  try {
    const answer = await client.send(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'octet' },
      body,
      signal: AbortSignal.timeout(options.timeoutMs ?? 15_000),
    });
    return deliveryOf(answer.statusCode ?? 0, answer.headers['retry-after']);
  } catch (error) {
    return failed(error);
  } finally {
    client.destroy();
  }
}

function deliveryOf(status: number, retryAfterHeader: string | undefined): Delivery {
  if (status >= 200 && status < 300) return { delivered: true, status };
  const retryAfter = secondsOf(String(retryAfterHeader));
  return {
    delivered: false,
    status,
    error: `The receiver answered ${status}, ${adviceFor(status)}.`,
    // 410 Gone is how a receiver says that it wants no more.
    final: status === 410,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

function adviceFor(status: number): string {
  const isRedirect = status >= 300 && status < 400;
  return isRedirect
    ? 'and redirects are not followed; give the URL that it leads to'
    : 'and only a 2xx counts';
}

function failed(error: unknown): Delivery {
  if (error instanceof ForbiddenAddressError) return { delivered: false, error: error.message, final: true };
  const { name, cause, code = name } = error as { name?: string; cause?: unknown; code?: string | number };
  if (cause instanceof ForbiddenAddressError) return failed(cause);
  const isLate = name === 'TimeoutError' || code === 'ETIMEDOUT';
  const reason = isLate ? 'did not answer in time' : `could not be reached (${code})`;
  return { delivered: false, error: `The receiver ${reason}.`, final: false };
}

/** Retry-After is a number of seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function secondsOf(header: string): number | undefined {
  if (/^\d+$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
