import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http';
import { readBody } from '../http-server.ts';

/** A request that has wholly arrived. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** They are between two neighbours alone, and `expect` has been answered: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'expect'];

/** A connection that is kept may be one to a service that has been killed meanwhile. */
const agent = new Agent({ keepAlive: false });

/**
 * Has a server answer a call. The Host header stays as it was, since it is part of signatures.
 *
 * @throws what the connection throws; the signal's reason
 */
export async function forward(target: string, call: Call, signal: AbortSignal): Promise<Answer> {
  const { hostname, port } = new URL(target);
  const headers = { ...endToEnd(call.headers), 'content-length': String(call.body.length) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { agent, hostname, port, method: call.method, path: call.url, headers, signal };
    send(options, resolve).once('error', reject).end(call.body);
  });
  const body = (await readBody(answer)) ?? Buffer.alloc(0);
  return { status: answer.statusCode ?? 502, headers: endToEnd(answer.headers), body };
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}
