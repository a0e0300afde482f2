import { EndWatch } from './end-watch.ts';
import type { Fault, FaultPlan } from './faults.ts';
import type { Call } from './forward.ts';
import { hurried } from './hurry.ts';
import { FaultProxy } from './proxy.ts';
import { SERVICES, type ServiceName } from './service-errors.ts';

/** The proxies in front of all services. They outlive the services, which are killed now and then. */
export class Proxies {
  readonly ends = new EndWatch();
  readonly #proxies: ReadonlyMap<string, FaultProxy>;

  /** @param onKill kills what a fault says */
  constructor(plan: FaultPlan, onKill: (fault: Fault & { kind: 'kill' }, call: Call) => void) {
    const proxyOf = (service: ServiceName) =>
      new FaultProxy({
        service,
        faultOf: (count) => plan.faultOf(service, count),
        change: (call) => hurried(service, call),
        onKill,
        ...(service === 'dynamodb' && { onAnswer: (call, status) => this.ends.note(call, status) }),
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

  #named(service: string): FaultProxy {
    const proxy = this.#proxies.get(service);
    if (proxy === undefined) throw new Error(`There is no proxy for ${service}.`);
    return proxy;
  }
}
