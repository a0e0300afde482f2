import { setTimeout as delay } from 'node:timers/promises';
import { between, random } from './random.ts';

/** When the copies of an event come, in milliseconds from now; one that is not doubled has a single copy. */
export function eventFate(seed: number, start: number, count: number): readonly number[] {
  const draw = (what: string) => random(seed, 'event', start, count, what);
  const late = (what: string) => (draw(`${what} is late`) < 0.4 ? between(draw(what), 50, 3000) : 0);
  return draw('double') < 0.25 ? [late('first'), late('second')] : [late('first')];
}

/**
 * A bus of events that doubles and delays them, so that they overtake each other. Those that are on their way when the
 * service is killed are lost.
 */
export class UnrulyBus {
  readonly #seed: number;
  readonly #start: number;
  #count = 0;
  #isCalm = false;

  /** @param start how often the service was started before: each has other fates, and the same in another run */
  constructor(seed: number, start: number) {
    this.#seed = seed;
    this.#start = start;
  }

  /** Has every event come once and at once from now on. */
  calm(): void {
    this.#isCalm = true;
  }

  /** Returns before the event has come, since else no later one could overtake it. */
  async take<Event>(event: Event, publish: (event: Event) => Promise<void>): Promise<void> {
    this.#count += 1;
    if (this.#isCalm) return publish(event);
    for (const ms of eventFate(this.#seed, this.#start, this.#count)) {
      void delay(ms).then(() => publish(event));
    }
  }
}
