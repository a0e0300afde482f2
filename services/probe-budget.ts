import type { HttpInput } from './http-input.ts';

export interface ProbeBudget {
  /** Bytes that may be fetched in all, the first ones included. */
  readonly bytes: number;
  /** Requests that may be sent in all, the first one included. */
  readonly requests: number;
}

/** Thrown by reads that the budget does not cover: not a fault of the file. */
export class BudgetExceededError extends Error {
  override readonly name = 'BudgetExceededError';
}

interface Block {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Enough for the index of some ten minutes of MP4, and to walk the small elements of other containers in few requests. */
const READ_AHEAD_BYTES = 256 * 1024;

/** Reads an input for a parser that asks for a few bytes at a time: in larger pieces, each one once, within a budget. */
export class BudgetedReader {
  readonly #input: HttpInput;
  readonly #signal: AbortSignal;
  readonly #blocks: Block[];
  #bytesLeft: number;
  #requestsLeft: number;
  #queue: Promise<unknown> = Promise.resolve();
  /** The first failed fetch. Parsers wrap or swallow what reads throw, so it is kept here. */
  failure: unknown;

  constructor(input: HttpInput, budget: ProbeBudget, signal: AbortSignal) {
    this.#input = input;
    this.#signal = signal;
    this.#blocks = [{ start: 0, bytes: input.firstBytes }];
    this.#bytesLeft = budget.bytes - input.firstBytes.length;
    this.#requestsLeft = budget.requests - 1;
  }

  /** Of the whole input, in bytes. */
  get size(): number {
    return this.#input.size;
  }

  /**
   * Reads bytes, at once where they are here already.
   *
   * @param end exclusive
   * @throws BudgetExceededError; InputError; the signal's reason
   */
  read(start: number, end: number): Uint8Array | Promise<Uint8Array> {
    return this.#cached(start, end) ?? this.#enqueue(start, end);
  }

  /** One read at a time, so that two that overlap do not fetch the same bytes twice. */
  #enqueue(start: number, end: number): Promise<Uint8Array> {
    const read = this.#queue.then(() => this.#assemble(start, end));
    this.#queue = read.catch((error: unknown) => {
      this.failure ??= error;
    });
    return read;
  }

  async #assemble(start: number, end: number): Promise<Uint8Array> {
    const result = new Uint8Array(end - start);
    for (let position = start; position < end; ) {
      const bytes =
        this.#cached(position, end, 1) ?? (await this.#fetch(position, end)).subarray(0, end - position);
      result.set(bytes, position - start);
      position += bytes.length;
    }
    return result;
  }

  async #fetch(start: number, end: number): Promise<Uint8Array> {
    const last = Math.min(this.#input.size, Math.max(end, start + READ_AHEAD_BYTES)) - 1;
    const length = last - start + 1;
    if (this.#requestsLeft <= 0 || this.#bytesLeft < length) {
      throw new BudgetExceededError('Its header needs more reading than the quick look at an input may do.');
    }
    this.#requestsLeft -= 1;
    this.#bytesLeft -= length;
    const bytes = await this.#input.readRange(start, last, this.#signal);
    this.#blocks.push({ start, bytes });
    return bytes;
  }

  /** Bytes from `start` on, at most to `end`, if at least `minimum` of them are here. */
  #cached(start: number, end: number, minimum = end - start): Uint8Array | undefined {
    for (const block of this.#blocks) {
      const bytes =
        start < block.start ? undefined : block.bytes.subarray(start - block.start, end - block.start);
      if (bytes !== undefined && bytes.length >= minimum) return bytes;
    }
    return undefined;
  }
}
