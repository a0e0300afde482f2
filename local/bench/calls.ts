import { subscribe } from 'node:diagnostics_channel';

/**
 * Tells the time that a process spends beside its HTTP calls: that in which none is on its way. A call is on its way from
 * when its request is written until the headers of its answer are read.
 */
export class CallClock {
  #calls = 0;
  /** When the last call had come back; undefined while one is on its way. */
  #idleSince: number | undefined;
  #idle = 0;

  /** Has every call of Node's HTTP client counted. */
  static ofThisProcess(): CallClock {
    const clock = new CallClock();
    subscribe('http.client.request.start', () => clock.begin(performance.now()));
    subscribe('http.client.response.finish', () => clock.end(performance.now()));
    return clock;
  }

  /** Begins anew. @param now milliseconds, as for all others */
  reset(now: number): void {
    this.#calls = 0;
    this.#idle = 0;
    this.#idleSince = now;
  }

  begin(now: number): void {
    if (this.#idleSince !== undefined) this.#idle += now - this.#idleSince;
    this.#idleSince = undefined;
    this.#calls += 1;
  }

  end(now: number): void {
    this.#calls -= 1;
    if (this.#calls === 0) this.#idleSince = now;
  }

  /** Milliseconds since the last reset in which no call was on its way. */
  idle(now: number): number {
    return this.#idle + (this.#idleSince === undefined ? 0 : now - this.#idleSince);
  }
}
