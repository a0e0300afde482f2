interface Event {
  readonly time: number;
  readonly number: number;
  readonly happen: () => void;
}

/** Simulated time, in seconds from 0. What happens at the same time happens in the order in which it was planned. */
export class Clock {
  now = 0;
  /** A binary heap: what comes before its two successors, at 2i+1 and 2i+2, stands before them. */
  readonly #events: Event[] = [];
  #count = 0;

  /** Has something happen after some seconds. */
  after(seconds: number, happen: () => void): void {
    const events = this.#events;
    events.push({ time: this.now + seconds, number: this.#count++, happen });
    let index = events.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, index)) return;
      index = parent;
    }
  }

  /** Has things happen until a condition holds, or nothing more is to happen. */
  runUntil(isDone: () => boolean): void {
    while (!isDone()) {
      const event = this.#takeNext();
      if (event === undefined) return;
      this.now = event.time;
      event.happen();
    }
  }

  #takeNext(): Event | undefined {
    const events = this.#events;
    const [first] = events;
    const last = events.pop();
    if (last === undefined || events.length === 0) return first;
    events[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const next = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#swapUnlessOrdered(index, next)) return first;
      index = next;
    }
  }

  #swapUnlessOrdered(before: number, after: number): boolean {
    if (!this.#isBefore(after, before)) return false;
    const [first, second] = [this.#events[before], this.#events[after]];
    if (first === undefined || second === undefined) return false;
    this.#events[before] = second;
    this.#events[after] = first;
    return true;
  }

  #isBefore(one: number, other: number): boolean {
    const [first, second] = [this.#events[one], this.#events[other]];
    if (first === undefined || second === undefined) return false;
    return first.time < second.time || (first.time === second.time && first.number < second.number);
  }
}
