import { exponentialBackoff, type RetryPolicy } from '../../services/backoff.ts';
import { type RangeSource, readInto } from '../../services/resuming-read.ts';

/** What blocks are read from. */
export interface BlockSource extends RangeSource {
  /** Bytes. */
  readonly size: number;
}

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
  readonly #input: BlockSource;
  readonly #signal: AbortSignal;
  readonly #blockBytes: number;
  readonly #kept: number;
  readonly #ahead: number;
  readonly #retry: RetryPolicy;
  /** By index, the least recently wanted first. */
  readonly #blocks = new Map<number, Block>();
  readonly #closing = new AbortController();
  #reached = 0;
  #failure: unknown;

  constructor(input: BlockSource, options: BlockReaderOptions) {
    this.#input = input;
    this.#signal = AbortSignal.any([options.signal, this.#closing.signal]);
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

  /** Why a reader did not get a block. Whoever reads through ffmpeg hears only of a broken connection, so it is kept here. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Keeps why a reader did not get what it still waits for. The first reason counts. */
  fail(reason: unknown): void {
    this.#failure ??= reason;
  }

  /** Ends what is on its way. */
  close(): void {
    this.#closing.abort(new Error('The input is no longer needed.'));
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

  /** Fetches a block for later, if there is room for it. */
  #prefetch(index: number): void {
    if (index * this.#blockBytes >= this.size || this.#touch(index) !== undefined) return;
    const memory = this.#room();
    if (memory !== undefined) this.#fetch(index, memory);
  }

  /** A block that is wanted now, for which there must be room. */
  #block(index: number): Block {
    return this.#touch(index) ?? this.#fetch(index, this.#room() ?? Buffer.allocUnsafeSlow(this.#blockBytes));
  }

  /** The block, if it is there, which from now on counts as the most recently wanted. */
  #touch(index: number): Block | undefined {
    const block = this.#blocks.get(index);
    if (block === undefined) return undefined;
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    return block;
  }

  #fetch(index: number, memory: Buffer): Block {
    const start = index * this.#blockBytes;
    const bytes = memory.subarray(0, this.size - start);
    const filled = readInto(this.#input, bytes, start, { retry: this.#retry, signal: this.#signal });
    const block: Block = { bytes, filled, isSettled: false, readers: 0 };
    this.#blocks.set(index, block);
    filled.then(
      () => {
        block.isSettled = true;
      },
      // Readers that wait for the block hear of it too. Another one starts anew.
      () => this.#blocks.delete(index),
    );
    return block;
  }

  /**
   * Memory for one block more: that of those that were wanted least recently, once enough are kept.
   *
   * @returns undefined when all that are kept are on their way or being read
   */
  #room(): Buffer | undefined {
    let memory: Buffer | undefined;
    for (const [index, { bytes, isSettled, readers }] of this.#blocks) {
      if (this.#blocks.size < this.#kept) break;
      if (!isSettled || readers > 0) continue;
      this.#blocks.delete(index);
      memory = Buffer.from(bytes.buffer);
    }
    if (memory !== undefined || this.#blocks.size >= this.#kept) return memory;
    return Buffer.allocUnsafeSlow(this.#blockBytes);
  }
}
