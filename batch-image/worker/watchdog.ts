/** Ends something that has come to a standstill. */
export class Watchdog {
  /** Aborts when nothing was heard for too long. */
  readonly signal: AbortSignal;
  readonly #stalled = new AbortController();
  readonly #limitMs: number;
  readonly #reason: Error;
  #timer: NodeJS.Timeout | undefined;

  /** @param reason with which the signal aborts */
  constructor(limitMs: number, reason: Error) {
    this.#limitMs = limitMs;
    this.#reason = reason;
    this.signal = this.#stalled.signal;
    this.hear();
  }

  /** Something has moved. */
  hear(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stalled.abort(this.#reason), this.#limitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
