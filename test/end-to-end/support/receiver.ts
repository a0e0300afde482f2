import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { type LocalServer, listenOnLoopback, readBody } from '../../../local/http-server.ts';

/** A callback as its receiver saw it. */
export interface ReceivedCallback {
  readonly id: string;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server that takes callbacks. */
export interface Receiver extends LocalServer {
  readonly callbacks: readonly ReceivedCallback[];
}

export interface ReceiverOptions {
  /** The answers to the first callbacks, one after another. Later ones get 204. */
  readonly statuses?: readonly number[];
  /** Of every answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default any free one */
  readonly port?: number;
}

export async function startReceiver({
  statuses = [],
  headers = {},
  port,
}: ReceiverOptions = {}): Promise<Receiver> {
  const callbacks: ReceivedCallback[] = [];
  const server = await listenOnLoopback(async (request, response) => {
    const body = String(await readBody(request));
    const status = statuses[callbacks.length] ?? 204;
    const { method, url, headers: sent } = request;
    callbacks.push({ id: String(sent['webhook-id']), method, url, body, headers: sent });
    response.writeHead(status, headers).end();
  }, port);
  return { ...server, callbacks };
}

/** Verifies a callback as a user would. @returns what it says */
export function verified({ body, headers }: ReceivedCallback, secret: string): unknown {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return new Webhook(secret).verify(body, Object.fromEntries(texts));
}
