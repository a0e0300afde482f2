import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { type LocalServer, listenOnLoopback, readBody } from '../../../local/http-server.ts';

/** A callback as its receiver saw it. */
export interface ReceivedCallback {
  readonly id: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server that takes callbacks. */
export interface Receiver extends LocalServer {
  readonly callbacks: readonly ReceivedCallback[];
}

/** @param statuses the answers to the first callbacks, one after another; later ones get 204 */
export async function startReceiver(statuses: readonly number[] = []): Promise<Receiver> {
  const callbacks: ReceivedCallback[] = [];
  const server = await listenOnLoopback(async (request, response) => {
    const body = String(await readBody(request));
    const status = statuses[callbacks.length] ?? 204;
    callbacks.push({ id: String(request.headers['webhook-id']), body, headers: request.headers });
    response.writeHead(status).end();
  });
  return { ...server, callbacks };
}

/** Verifies a callback as a user would. @returns what it says */
export function verified({ body, headers }: ReceivedCallback, secret: string): unknown {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return new Webhook(secret).verify(body, Object.fromEntries(texts));
}
