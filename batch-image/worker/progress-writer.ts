import { logError } from '../../services/log.ts';

/** Milliseconds between two writes. */
const INTERVAL_MS = 500;

/**
 * Writes a value that changes often: the newest one, one write at a time, and not more often than twice a second. A write
 * that fails is only logged, since the next one says more.
 */
export class ProgressWriter {
  readonly #write: (value: number) => Promise<void>;
  #newest: number | undefined;
  #running: Promise<void> | undefined;
  #writtenAt = 0;

  constructor(write: (value: number) => Promise<void>) {
    this.#write = write;
  }

  /** Has a value written soon, unless a newer one comes first. */
  report(value: number): void {
    this.#newest = value;
    if (this.#running === undefined && Date.now() - this.#writtenAt >= INTERVAL_MS) this.#start();
  }

  /** Has the newest value written, and waits for it. */
  async flush(): Promise<void> {
    await this.#running;
    this.#start();
    await this.#running;
  }

  #start(): void {
    const value = this.#newest;
    if (value === undefined) return;
    this.#newest = undefined;
    this.#writtenAt = Date.now();
    this.#running = this.#write(value)
      .catch((error: unknown) => logError('The progress could not be written.', error))
      .finally(() => {
        this.#running = undefined;
      });
  }
}
