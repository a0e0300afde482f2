import { exponentialBackoff, type RetryPolicy } from '../../services/backoff.ts';
import type { HttpInput } from '../../services/http-input.ts';
import { readInto } from '../../services/resuming-read.ts';

export interface BlockReaderOptions {
  readonly signal: AbortSignal;
  /** @default 1 MiB */
  readonly blockBytes?: number;
  /** Blocks that are kept, those on their way included. @default 16 */
  readonly kept?: number;
  /** Blocks that are fetched ahead of a reader that reads on and on. @default 8 */
  readonly ahead?: number;
  /** Tries of each block that bring nothing at all. @default 8, over about half a minute */
  readonly retry?: RetryPolicy;
}

interface Block {
  readonly bytes: Buffer;
  readonly filled: Promise<void>;
  isSettled: boolean;
  /** How many readers look at the bytes now. */
  readers: number;
}

const MIB = 1024 * 1024;

/**
 * Reads an input in blocks, several at the same time, and keeps the latest for readers that jump to and fro. The memory of
 * a block that is dropped is used again: otherwise garbage would pile up faster than it is collected.
 */
export class BlockReader {
  readonly #input: HttpInput;
  readonly #signal: AbortSignal;
  readonly #blockBytes: number;
  readonly #kept: number;
  readonly #ahead: number;
  readonly #retry: RetryPolicy;
  /** By index, the least recently wanted first. */
  readonly #blocks = new Map<number, Block>();
  #reached = 0;
  #failure: unknown;

  constructor(input: HttpInput, options: BlockReaderOptions) {
    this.#input = input;
    this.#signal = options.signal;
    this.#blockBytes = options.blockBytes ?? MIB;
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

  /** The bytes from `start` to `end`, inclusive, in pieces. Each is valid until the next is asked for. */
  async *read(start: number, end: number): AsyncGenerator<Buffer> {
    let ahead = 0;
    for (let at = start; at <= end; ) {
      const index = Math.floor(at / this.#blockBytes);
      const offset = at - index * this.#blockBytes;
      const block = this.#block(index);
      block.readers += 1;
      try {
        // Whoever only looks at a few bytes does not make us fetch more and more.
        for (let next = 1; next <= ahead; next++) this.#prefetch(index + next);
        ahead = Math.min(this.#ahead, ahead * 2 + 1);
        await block.filled;
        const piece = block.bytes.subarray(offset, offset + end - at + 1);
        at += piece.length;
        this.#reached = Math.max(this.#reached, at);
        yield piece;
      } finally {
        block.readers -= 1;
      }
    }
  }

  #prefetch(index: number): void {
    if (index * this.#blockBytes < this.size) this.#block(index);
  }

  #block(index: number): Block {
    const block = this.#blocks.get(index) ?? this.#fetch(index);
    // To the end of the map's order.
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    return block;
  }

  #fetch(index: number): Block {
    const start = index * this.#blockBytes;
    const bytes = this.#memory().subarray(0, this.size - start);
    const filled = readInto(this.#input, bytes, start, { retry: this.#retry, signal: this.#signal });
    const block: Block = { bytes, filled, isSettled: false, readers: 0 };
    filled.then(
      () => {
        block.isSettled = true;
      },
      (error: unknown) => {
        // Readers that wait for the block hear it too. Another one starts anew.
        this.#failure ??= error;
        this.#blocks.delete(index);
      },
    );
    return block;
  }

  /** Room for a block: that of the one that was wanted least recently, once enough are kept. */
  #memory(): Buffer {
    if (this.#blocks.size >= this.#kept) {
      for (const [index, { bytes, isSettled, readers }] of this.#blocks) {
        if (!isSettled || readers > 0) continue;
        this.#blocks.delete(index);
        return Buffer.from(bytes.buffer);
      }
    }
    return Buffer.allocUnsafeSlow(this.#blockBytes);
  }
}
