import { afterEach, expect, it } from 'vitest';
import { type LocalServer, listenOnLoopback } from '../../local/http-server.ts';
import { KeptPorts } from '../../local/ports.ts';

const servers: LocalServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(port: number): Promise<LocalServer> {
  const server = await listenOnLoopback((_, response) => response.end(), port);
  servers.push(server);
  return server;
}

it('starts a service where it was before', async () => {
  const first = await new KeptPorts({}).listen('s3', start);
  await first.close();
  servers.pop();
  const ports = new KeptPorts({ s3: first.port });
  expect((await ports.listen('s3', start)).port).toBe(first.port);
  expect(ports.all).toEqual({ s3: first.port });
});

it('starts it elsewhere when another program has its port', async () => {
  const other = await start(0);
  const ports = new KeptPorts({ s3: other.port, batch: 4 });
  const { port } = await ports.listen('s3', start);
  expect(port).not.toBe(other.port);
  expect(ports.all).toEqual({ s3: port, batch: 4 });
});

it('hands on what else goes wrong', async () => {
  const failure = new Error('no memory');
  const listening = new KeptPorts({ s3: 1234 }).listen('s3', () => Promise.reject(failure));
  await expect(listening).rejects.toBe(failure);
});
