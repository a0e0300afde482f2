import type { IncomingMessage } from 'node:http';
import { GatewayError } from './gateway-error.ts';

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Keeps pages in the developer's browser from using the API, which starts processes. A page whose own name was made to
 * resolve to 127.0.0.1 shows itself by the Host header, any other by the Origin that browsers send with every method
 * that is not safe (https://fetch.spec.whatwg.org/#origin-header).
 *
 * @throws GatewayError forbidden
 */
export function refuseOtherOrigins({ headers, socket, method = '' }: IncomingMessage): void {
  const port = socket.localPort;
  const host = headers.host?.toLowerCase();
  const hosts = loopbackNames.flatMap((name) => (port === 80 ? [name] : [`${name}:${port}`]));
  if (host === undefined || !hosts.includes(host))
    throw new GatewayError(403, 'forbidden', `Send requests to http://127.0.0.1:${port}, by this name.`);
  const isOwn = headers.origin === undefined || headers.origin === `http://${host}`;
  if (!isOwn && !safeMethods.includes(method))
    throw new GatewayError(403, 'forbidden', `A web page of another origin may not ${method} here.`);
}
