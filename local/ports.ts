import type { LocalServer } from './http-server.ts';

/** Ports at which services listened in earlier runs, by service. They are kept, unless another program has taken them. */
export class KeptPorts {
  readonly #ports: Record<string, number>;

  constructor(ports: Readonly<Record<string, number>>) {
    this.#ports = { ...ports };
  }

  /** The ports of now. */
  get all(): Readonly<Record<string, number>> {
    return this.#ports;
  }

  /** Starts a service at the port that it had, or else at any free one. */
  async listen<Server extends LocalServer>(
    service: string,
    start: (port: number) => Promise<Server>,
  ): Promise<Server> {
    const server = await this.#startAt(this.#ports[service] ?? 0, start);
    this.#ports[service] = server.port;
    return server;
  }

  async #startAt<Server>(port: number, start: (port: number) => Promise<Server>): Promise<Server> {
    try {
      return await start(port);
    } catch (error) {
      if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      return start(0);
    }
  }
}
