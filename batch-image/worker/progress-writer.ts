import { logError } from '../../services/log.ts';

/** Milliseconds from one write to the next: each costs a write unit, and all workers of a split job write. */
const INTERVAL_MS = 2000;

/**
 * Writes a value that changes often: the newest one, one write at a time, and not more often than every two seconds. A write
 * that fails is only logged, since the next one says more.
 */
export class ProgressWriter {
  readonly #write: (value: number) => Promise<void>;
  #newest: number | undefined;
  #running: Promise<void> | undefined;
  /** Runs while the latest write is too recent for another. */
  #pause: NodeJS.Timeout | undefined;

  constructor(write: (value: number) => Promise<void>) {
    this.#write = write;
  }

  /** Has a value written soon, unless a newer one comes first. */
  report(value: number): void {
    this.#newest = value;
    this.#startWhenDue();
  }

  /** Has the newest value written, and waits for it. */
  async flush(): Promise<void> {
    await this.#running;
    this.#start();
    await this.#running;
    clearTimeout(this.#pause);
  }

  #startWhenDue(): void {
    if (this.#running === undefined && this.#pause === undefined) this.#start();
  }

  #start(): void {
    const value = this.#newest;
    if (value === undefined) return;
    this.#newest = undefined;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#startWhenDue();
    }, INTERVAL_MS);
    this.#running = this.#write(value)
      .catch((error: unknown) => logError('The progress could not be written.', error))
      .finally(() => {
        this.#running = undefined;
        this.#startWhenDue();
      });
  }
}
