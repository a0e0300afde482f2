import type { Fault } from '../../../local/chaos/faults.ts';
import type { Call } from '../../../local/chaos/forward.ts';
import { type Hurry, hurried } from '../../../local/chaos/hurry.ts';
import type { Torment } from '../../../local/chaos/proxies.ts';
import type { ServiceName } from '../../../local/chaos/service-errors.ts';

/** When somebody is to be killed. */
export interface Moment {
  /** Requests to AWS by their service, method, path, operation and body, as they come; the last one never arrives. */
  readonly way: readonly RegExp[];
  /** Whether Batch has no room for a job before the first of them. */
  readonly isBatchFull?: boolean;
}

/** One in which nothing is overdue before it is, and one in which everything is. Keys of lost requests are free at once. */
const keyMs = 61_000;
const NOT_AT_ALL: Hurry = { overdueS: { submission: 0, end: 0, callback: 0 }, keyMs };
const HOURS_LATER: Hurry = { overdueS: { submission: 7200, end: 7200, callback: 7200 }, keyMs };

const NO_ROOM: Fault = { kind: 'error', error: { status: 429, code: 'TooManyRequestsException' } };

/** Stands between the processes and their AWS, and has one of them killed at a certain request. */
export class Killer implements Torment {
  #way: RegExp[] = [];
  #isBatchFull = false;
  #kill: (call: Call) => Promise<unknown> = async () => {};
  #tell: () => void = () => {};

  /**
   * @param kill kills somebody; the request that it was making is held until this is done
   * @returns when it has happened
   */
  at({ way, isBatchFull = false }: Moment, kill: (call: Call) => Promise<unknown>): Promise<void> {
    this.#way = [...way];
    this.#isBatchFull = isBatchFull;
    this.#kill = kill;
    return new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  async faultOf(service: ServiceName, _: number, call: Call): Promise<Fault> {
    const { method, url, headers, body } = call;
    if (
      this.#way[0]?.test(`${service} ${method} ${url} ${headers['x-amz-target']} ${body.toString('latin1')}`)
    ) {
      this.#isBatchFull = false;
      this.#way.shift();
      if (this.#way.length === 0) {
        await this.#kill(call);
        this.#tell();
        return { kind: 'cut', reached: false };
      }
    }
    return this.#isBatchFull && service === 'batch' ? NO_ROOM : { kind: 'none' };
  }

  change = (service: ServiceName, call: Call): Call =>
    hurried(service, call, this.#way.length > 0 ? NOT_AT_ALL : HOURS_LATER);
}
