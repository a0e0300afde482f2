import { createServer } from 'node:net';
import { afterEach, beforeEach } from 'vitest';

/** A server in the private network, which nobody may so much as connect to. */
export interface Canary {
  readonly port: number;
  readonly connections: number;
}

/** Listens on loopback during each test, and answers whoever connects with a secret. */
export function useCanary(): Canary {
  const canary = { port: 0, connections: 0 };
  const server = createServer((socket) => {
    canary.connections += 1;
    socket.resume();
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret');
  });
  beforeEach(async () => {
    canary.connections = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The canary has no port.');
    canary.port = address.port;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  return canary;
}
