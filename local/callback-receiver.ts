import { Webhook } from 'standardwebhooks';
import { type LocalServer, listenOnLoopback, readBody } from './http-server.ts';

/** A callback's receiver, as a user would write one: it trusts nothing that is not signed. */
export interface CallbackReceiver extends LocalServer {
  /** Resolves with the payload of the first callback. */
  readonly received: Promise<unknown>;
}

/** @param secret with which callbacks must be signed */
export async function startReceiver(secret: string): Promise<CallbackReceiver> {
  const webhook = new Webhook(secret);
  let resolve: (payload: unknown) => void;
  const received = new Promise<unknown>((resolveReceived) => {
    resolve = resolveReceived;
  });
  const server = await listenOnLoopback(async (request, response) => {
    const body = (await readBody(request))?.toString('utf8') ?? '';
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    try {
      resolve(webhook.verify(body, headers));
      response.writeHead(204).end();
    } catch {
      response.writeHead(401).end();
    }
  });
  return { ...server, received };
}
