import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { assertAllowedUrl, guardedLookup, type ResolverOptions } from './address-guard.ts';

export interface GuardedClientOptions extends ResolverOptions {
  /** Limit for DNS, TCP and TLS together, in milliseconds. @default 5000 */
  readonly connectTimeoutMs?: number;
  /** Limit for each silence of the other side once there is a connection, in milliseconds. @default 10000 */
  readonly silenceTimeoutMs?: number;
}

export interface GuardedRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Nobody answered in time. */
class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ETIMEDOUT';
}

/**
 * An HTTP client that connects to public addresses alone. It resolves a name once and connects to the addresses that it has
 * checked, so a name that changes its answer between check and connect (DNS rebinding) gains nothing. It keeps connections,
 * and follows no redirects.
 */
export class GuardedClient {
  readonly #options: GuardedClientOptions;
  readonly #agents: Readonly<Record<string, http.Agent>>;
  #isDestroyed = false;

  constructor(options: GuardedClientOptions) {
    this.#options = options;
    const agentOptions = { keepAlive: true, lookup: guardedLookup(options) };
    this.#agents = { 'http:': new http.Agent(agentOptions), 'https:': new https.Agent(agentOptions) };
  }

  /**
   * Sends a request.
   *
   * @returns the answer, once its headers are there; its body must be read or destroyed
   * @throws ForbiddenAddressError; the signal's reason; errors of Node's with a `code`
   */
  async send(url: string | URL, request: GuardedRequest = {}): Promise<IncomingMessage> {
    // Sockets do not look literal addresses up, so the lookup never sees them.
    const allowed = assertAllowedUrl(url, this.#options);
    if (this.#isDestroyed) throw new Error('The client is destroyed.');
    const { method = 'GET', headers = {}, body, signal } = request;
    const module = allowed.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const sent = module.request(allowed, {
        agent: this.#agents[allowed.protocol],
        method,
        headers,
        ...(signal && { signal }),
        timeout: this.#options.silenceTimeoutMs ?? 10_000,
      });
      const connecting = setTimeout(
        () => sent.destroy(new TimeoutError('There was no connection in time.')),
        this.#options.connectTimeoutMs ?? 5000,
      );
      sent.once('socket', (socket) => onceConnected(socket, () => clearTimeout(connecting)));
      sent.once('close', () => clearTimeout(connecting));
      let answer: IncomingMessage | undefined;
      sent.on('timeout', () => (answer ?? sent).destroy(new TimeoutError('The other side fell silent.')));
      sent.once('response', (response) => {
        answer = response;
        resolve(response);
      });
      sent.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
      sent.end(body);
    });
  }

  /** Drops every connection; requests and bodies in progress fail, and so do later ones. */
  destroy(): void {
    this.#isDestroyed = true;
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }
}

function onceConnected(socket: Socket, listener: () => void): void {
  if (!socket.connecting) listener();
  else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', listener);
}
