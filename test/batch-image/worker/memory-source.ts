import { Readable } from 'node:stream';
import type { RangeSource } from '../../../services/resuming-read.ts';

/** What becomes of one range that is asked for. @default all of it comes at once */
export type Serve = (bytes: Buffer, start: number) => AsyncIterable<Buffer> | Iterable<Buffer>;

/** A file in memory that is read in ranges. */
export class MemorySource implements RangeSource {
  readonly finalUrl = new URL('https://media.example/in.mp4?sig=secret');
  readonly content: Buffer;
  /** Where each range begins, in the order in which they were asked for. */
  readonly asked: number[] = [];
  readonly #serve: Serve;

  constructor(content: Buffer, serve: Serve = (bytes) => [bytes]) {
    this.content = content;
    this.#serve = serve;
  }

  get size(): number {
    return this.content.length;
  }

  async openRange(start: number, end: number): Promise<Readable> {
    this.asked.push(start);
    const bytes = this.content.subarray(start, end + 1);
    return Readable.from(this.#serve(bytes, start), { objectMode: false });
  }
}

/** Bytes that tell where they stand. */
export function content(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 8) * 17) % 256;
  return bytes;
}

/** Numbers from 0 to 1 that look random, and are the same at each run: mulberry32. */
export function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
