import { CallbackWatch } from './callback-watch.ts';
import { EndWatch } from './end-watch.ts';
import type { Fault } from './faults.ts';
import type { Call } from './forward.ts';
import { hurried } from './hurry.ts';
import { FaultProxy } from './proxy.ts';
import { SERVICES, type ServiceName } from './service-errors.ts';

/** What becomes of the requests to all services. */
export interface Torment {
  /** @param count its number among the requests of its service, 1 for the first */
  faultOf(service: ServiceName, count: number, call: Call): Fault | Promise<Fault>;
  /** What a service gets in place of a call. @default what makes time go by faster */
  change?(service: ServiceName, call: Call): Call;
}

/** The proxies in front of all services. They outlive the services, which are killed now and then. */
export class Proxies {
  readonly ends = new EndWatch();
  readonly callbacks = new CallbackWatch();
  readonly #proxies: ReadonlyMap<string, FaultProxy>;

  /** @param onKill kills what a fault says */
  constructor(torment: Torment, onKill: (fault: Fault & { kind: 'kill' }, call: Call) => void) {
    const proxyOf = (service: ServiceName) =>
      new FaultProxy({
        service,
        faultOf: (count, call) => torment.faultOf(service, count, call),
        change: (call) => (torment.change ?? hurried)(service, call),
        onKill,
        onAnswer: (call, status) => this.#note(service, call, status),
      });
    this.#proxies = new Map(SERVICES.map((service) => [service, proxyOf(service)]));
  }

  /** @returns the proxies' URLs by the names of their services */
  async listen(): Promise<Readonly<Record<string, string>>> {
    const urls = [...this.#proxies].map(async ([service, proxy]) => [service, await proxy.listen()] as const);
    return Object.fromEntries(await Promise.all(urls));
  }

  setTarget(service: string, url: string): void {
    this.#named(service).setTarget(url);
  }

  /** A service's own URL, where nothing fails. */
  targetOf(service: ServiceName): Promise<string> {
    return this.#named(service).target;
  }

  calm(): void {
    for (const proxy of this.#proxies.values()) proxy.calm();
  }

  /** How many faults of each kind there were. */
  get faults(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { faults } of this.#proxies.values()) {
      for (const [kind, count] of Object.entries(faults)) sums[kind] = (sums[kind] ?? 0) + count;
    }
    return sums;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
  }

  #note(service: ServiceName, call: Call, status: number): void {
    if (service === 'dynamodb') this.ends.note(call, status);
    this.callbacks.note(service, call, status);
  }

  #named(service: string): FaultProxy {
    const proxy = this.#proxies.get(service);
    if (proxy === undefined) throw new Error(`There is no proxy for ${service}.`);
    return proxy;
  }
}
