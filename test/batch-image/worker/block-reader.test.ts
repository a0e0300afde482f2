import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import {
  BlockReader,
  type BlockReaderOptions,
  type BlockSource,
} from '../../../batch-image/worker/block-reader.ts';
import { InputError } from '../../../services/input-errors.ts';
import { content, MemorySource, pseudoRandom, type Serve } from './memory-source.ts';

const bytes = content(1000);
const busy = new InputError('input_unreachable', 'It answered 503.', { transient: true });
const changed = new InputError('input_changed', 'It changed.');
const defaults = { blockBytes: 10, signal: new AbortController().signal };
const twice = { attempts: 2, wait: async () => {} };

function readerOf(source: MemorySource, options: Partial<BlockReaderOptions> = {}): BlockReader {
  return new BlockReader(source, { ...defaults, retry: twice, ...options });
}

async function readAll(reader: BlockReader, start: number, end: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of reader.read(start, end)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** Serves what a test lets through. */
function held(): { serve: Serve; release: () => void } {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const serve: Serve = async function* (part) {
    await released;
    yield part;
  };
  return { serve, release };
}

describe('a range', () => {
  it.each([
    ['the whole file', 0, 999],
    ['a byte', 437, 437],
    ['a part of a block', 12, 17],
    ['a whole block', 20, 29],
    ['the end of a block and the beginning of the next', 28, 31],
    ['the last byte', 999, 999],
  ])('is read in order: %s', async (_, start, end) => {
    const reader = readerOf(new MemorySource(bytes));
    expect(await readAll(reader, start, end)).toEqual(bytes.subarray(start, end + 1));
    expect(reader.fractionRead).toBe((end + 1) / 1000);
  });

  it('ends where the file does, when that is in the middle of a block', async () => {
    const reader = readerOf(new MemorySource(bytes.subarray(0, 25)));
    expect(await readAll(reader, 0, 24)).toEqual(bytes.subarray(0, 25));
  });

  it('is read at once with others that overlap it, and each block is fetched once', async () => {
    const source = new MemorySource(bytes);
    const reader = readerOf(source, { kept: 20 });
    const ranges = [[0, 99] as const, [50, 149] as const, [95, 105] as const];
    const read = await Promise.all(ranges.map(([start, end]) => readAll(reader, start, end)));
    expect(read).toEqual(ranges.map(([start, end]) => bytes.subarray(start, end + 1)));
    expect(source.asked).toHaveLength(new Set(source.asked).size);
  });
});

describe('what was read', () => {
  it('is kept for readers that come back', async () => {
    const source = new MemorySource(bytes);
    const reader = readerOf(source, { kept: 3, ahead: 0 });
    await readAll(reader, 0, 29);
    await readAll(reader, 0, 29);
    expect(source.asked).toEqual([0, 10, 20]);
  });

  it('is dropped when more was wanted since than is kept', async () => {
    const source = new MemorySource(bytes);
    const reader = readerOf(source, { kept: 3, ahead: 0 });
    for (const at of [0, 10, 20, 0, 30, 0, 10]) await readAll(reader, at, at);
    expect(source.asked).toEqual([0, 10, 20, 30, 10]);
  });

  it('tells how far the farthest reader has come', async () => {
    const reader = readerOf(new MemorySource(bytes));
    expect(reader.fractionRead).toBe(0);
    await readAll(reader, 500, 599);
    await readAll(reader, 0, 99);
    expect(reader.fractionRead).toBe(0.6);
  });
});

describe('a reader that reads on and on', () => {
  it('has more and more fetched ahead, up to a limit', async () => {
    const source = new MemorySource(bytes);
    const read = readerOf(source, { kept: 50, ahead: 8 }).read(0, 999);
    const counts: number[] = [];
    for (let piece = 0; piece < 7; piece++) {
      await read.next();
      counts.push(source.asked.length);
    }
    expect(counts).toEqual([1, 3, 6, 11, 13, 14, 15]);
    expect(source.asked).toEqual(source.asked.toSorted((a, b) => a - b));
    await read.return(undefined);
  });

  it('does not have the end of the file passed', async () => {
    const source = new MemorySource(bytes.subarray(0, 45));
    await readAll(readerOf(source), 0, 44);
    expect(source.asked).toEqual([0, 10, 20, 30, 40]);
  });

  it('and jumps has nothing fetched ahead where it only looks', async () => {
    const source = new MemorySource(bytes);
    const reader = readerOf(source);
    for (const at of [0, 990, 500, 3]) await readAll(reader, at, at + 5);
    expect(source.asked).toEqual([0, 990, 500]);
  });
});

describe('memory', () => {
  it('is used again, however much is read', async () => {
    const allocations = vi.spyOn(Buffer, 'allocUnsafeSlow');
    const reader = readerOf(new MemorySource(bytes), { kept: 5, ahead: 3 });
    for (let times = 0; times < 5; times++) expect(await readAll(reader, 0, 999)).toEqual(bytes);
    expect(allocations.mock.calls.filter(([size]) => size === 10)).toHaveLength(5);
    allocations.mockRestore();
  });

  it('is no more than is kept, and what readers wait for, while nothing comes', async () => {
    const { serve, release } = held();
    let answered = 0;
    const source = new MemorySource(bytes, (part, start) => (answered++ < 12 ? [part] : serve(part, start)));
    const reader = readerOf(source, { kept: 10, ahead: 8 });
    const readers = [0, 200, 400, 600].map((start) => readAll(reader, start, start + 99));
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(source.asked.length - 12).toBeLessThanOrEqual(10 + readers.length);
    release();
    expect(await Promise.all(readers)).toEqual(
      [0, 200, 400, 600].map((start) => bytes.subarray(start, start + 100)),
    );
  });

  it('comes down again to what is kept after many have read at once', async () => {
    const source = new MemorySource(bytes);
    const reader = readerOf(source, { kept: 3, ahead: 0 });
    const places = [0, 100, 200, 300, 400, 500];
    await Promise.all(places.map((at) => readAll(reader, at, at)));
    await readAll(reader, 600, 600);
    for (const at of [600, 500, 400, 300]) await readAll(reader, at, at);
    expect(source.asked).toEqual([...places, 600, 300]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'that is used again never shows through to readers (case %d)',
    async (seed) => {
      const random = pseudoRandom(seed);
      const integer = (below: number) => Math.floor(random() * below);
      const source = new MemorySource(bytes, async function* (part) {
        for (let at = 0; at < part.length; ) {
          for (let turns = integer(3); turns > 0; turns--) await turn();
          if (random() < 0.05) throw busy;
          const piece = part.subarray(at, at + 1 + integer(part.length));
          yield piece;
          at += piece.length;
        }
      });
      const reader = readerOf(source, {
        blockBytes: 1 + integer(60),
        kept: 1 + integer(6),
        ahead: integer(5),
        retry: { attempts: 100, wait: async () => {} },
      });
      const readSomewhere = async () => {
        for (let reads = 0; reads < 20; reads++) {
          let at = integer(1000);
          const stop = random() < 0.3 ? at + integer(100) : 1000;
          for await (const piece of reader.read(at, Math.min(999, at + integer(300)))) {
            for (let turns = integer(4); turns > 0; turns--) await turn();
            expect(piece.equals(bytes.subarray(at, at + piece.length))).toBe(true);
            at += piece.length;
            if (at >= stop) break;
          }
        }
      };
      await Promise.all(Array.from({ length: 5 }, readSomewhere));
    },
  );
});

/** A server that never answers. */
const silent: BlockSource = {
  finalUrl: new URL('https://media.example/in.mp4'),
  size: 1000,
  openRange: (_start, _end, signal) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
};

describe('a block that cannot be read', () => {
  const failingAt =
    (place: number, error: Error, times = Number.POSITIVE_INFINITY): Serve =>
    (part, start) => {
      if (start !== place || times-- <= 0) return [part];
      return (async function* () {
        yield* [];
        throw error;
      })();
    };

  it('fails its readers, who have had all before it', async () => {
    const reader = readerOf(new MemorySource(bytes, failingAt(30, changed)));
    const pieces: Buffer[] = [];
    const read = async () => {
      for await (const piece of reader.read(0, 99)) pieces.push(Buffer.from(piece));
    };
    await expect(read()).rejects.toBe(changed);
    expect(Buffer.concat(pieces)).toEqual(bytes.subarray(0, 30));
  });

  it('is tried again as often as it is told, and goes on where it broke off', async () => {
    const source = new MemorySource(bytes, failingAt(30, busy, 1));
    const reader = readerOf(source, { ahead: 0 });
    expect(await readAll(reader, 30, 39)).toEqual(bytes.subarray(30, 40));
    expect(source.asked).toEqual([30, 30]);
  });

  it('is asked for anew by the next reader', async () => {
    const reader = readerOf(new MemorySource(bytes, failingAt(30, changed, 1)), { ahead: 0 });
    await expect(readAll(reader, 30, 39)).rejects.toBe(changed);
    expect(await readAll(reader, 30, 39)).toEqual(bytes.subarray(30, 40));
  });

  it('is left to whoever reads it, who keeps the first reason that matters', () => {
    const reader = readerOf(new MemorySource(bytes));
    reader.fail(changed);
    reader.fail(busy);
    expect(reader.failure).toBe(changed);
  });

  it('that is on its way ends when the reader is closed', async () => {
    const reader = new BlockReader(silent, { ...defaults, signal: new AbortController().signal });
    const read = readAll(reader, 0, 99);
    setImmediate(() => reader.close());
    await expect(read).rejects.toThrow('no longer needed');
  });

  it('ends its readers with the reason of the signal', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const reader = new BlockReader(silent, { ...defaults, signal: abort.signal });
    const read = readAll(reader, 0, 99);
    setImmediate(() => abort.abort(reason));
    await expect(read).rejects.toBe(reason);
  });
});
