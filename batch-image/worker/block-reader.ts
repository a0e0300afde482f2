import { exponentialBackoff, type RetryPolicy } from '../../services/backoff.ts';
import type { HttpInput } from '../../services/http-input.ts';
import { readInto } from '../../services/resuming-read.ts';

export interface BlockReaderOptions {
  readonly signal: AbortSignal;
  /** @default 2 MiB */
  readonly blockBytes?: number;
  /** Blocks that are kept, those on their way included. @default 16 */
  readonly kept?: number;
  /** Blocks that are fetched ahead of a reader that reads on and on. @default 8 */
  readonly ahead?: number;
  /** Tries of each block that bring nothing at all. @default 8 times, for about half a minute */
  readonly retry?: RetryPolicy;
}

const MIB = 1024 * 1024;

/** Reads an input in blocks, several at the same time, and keeps the latest for readers that jump to and fro. */
export class BlockReader {
  readonly #input: HttpInput;
  readonly #signal: AbortSignal;
  readonly #blockBytes: number;
  readonly #kept: number;
  readonly #ahead: number;
  readonly #retry: RetryPolicy;
  /** By index, the least recently wanted first. */
  readonly #blocks = new Map<number, Promise<Buffer>>();
  #reached = 0;
  #failure: unknown;

  constructor(input: HttpInput, options: BlockReaderOptions) {
    this.#input = input;
    this.#signal = options.signal;
    this.#blockBytes = options.blockBytes ?? 2 * MIB;
    this.#kept = options.kept ?? 16;
    this.#ahead = options.ahead ?? 8;
    this.#retry = options.retry ?? exponentialBackoff({ attempts: 8 });
  }

  get size(): number {
    return this.#input.size;
  }

  /** The part of the file up to the farthest byte that was read, from 0 to 1. */
  get fractionRead(): number {
    return this.#reached / this.size;
  }

  /** Why a block could not be read. Whoever reads through ffmpeg hears only of a broken connection, so it is kept here. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The bytes from `start` to `end`, inclusive, in pieces. */
  async *read(start: number, end: number): AsyncGenerator<Buffer> {
    let ahead = 0;
    for (let at = start; at <= end; ) {
      const index = Math.floor(at / this.#blockBytes);
      const offset = at - index * this.#blockBytes;
      const wanted = this.#block(index);
      // Whoever only looks at a few bytes does not make us fetch more and more.
      for (let next = 1; next <= ahead; next++) this.#prefetch(index + next);
      ahead = Math.min(this.#ahead, ahead * 2 + 1);
      const piece = (await wanted).subarray(offset, offset + end - at + 1);
      at += piece.length;
      this.#reached = Math.max(this.#reached, at);
      yield piece;
    }
  }

  #prefetch(index: number): void {
    // A failure is heard when the block is wanted.
    if (index * this.#blockBytes < this.size) this.#block(index).catch(() => {});
  }

  #block(index: number): Promise<Buffer> {
    const block = this.#blocks.get(index) ?? this.#fetch(index);
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > this.#kept && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }

  async #fetch(index: number): Promise<Buffer> {
    const start = index * this.#blockBytes;
    const bytes = Buffer.allocUnsafeSlow(Math.min(this.#blockBytes, this.size - start));
    try {
      await readInto(this.#input, bytes, start, { retry: this.#retry, signal: this.#signal });
      return bytes;
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }
}
