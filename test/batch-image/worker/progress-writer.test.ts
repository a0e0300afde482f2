import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgressWriter } from '../../../batch-image/worker/progress-writer.ts';

let written: number[];
let log: string[];

beforeEach(() => {
  vi.useFakeTimers();
  [written, log] = [[], []];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Writes that take a while, or fail. */
function writer({ takes = 0, failing = [] as number[] } = {}) {
  return new ProgressWriter(async (value) => {
    written.push(value);
    if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes));
    if (failing.includes(value)) throw new Error(`${value} was refused`);
  });
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('a value that is reported', () => {
  it('is written at once when it is the first', () => {
    writer().report(0.1);
    expect(written).toEqual([0.1]);
  });

  it('is written two seconds after the one before, when nothing newer comes', async () => {
    const progress = writer();
    progress.report(0.1);
    progress.report(0.2);
    progress.report(0.3);
    await pass(1999);
    expect(written).toEqual([0.1]);
    await pass(1);
    expect(written).toEqual([0.1, 0.3]);
  });

  it('is written at once when the one before is long ago', async () => {
    const progress = writer();
    progress.report(0.1);
    await pass(10_000);
    progress.report(0.2);
    expect(written).toEqual([0.1, 0.2]);
  });

  it('waits for a write that takes long, and gives way to newer ones', async () => {
    const progress = writer({ takes: 4000 });
    progress.report(0.1);
    await pass(2000);
    progress.report(0.2);
    progress.report(0.3);
    await pass(1999);
    expect(written).toEqual([0.1]);
    await pass(1);
    expect(written).toEqual([0.1, 0.3]);
  });

  it('is one of few that are written, of many', async () => {
    const progress = writer();
    for (let value = 0; value < 100; value++) {
      progress.report(value);
      await pass(100);
    }
    expect(written).toEqual([0, 19, 39, 59, 79, 99]);
  });
});

describe('a flush', () => {
  it('has the newest value written now, and leaves nothing to be done', async () => {
    const progress = writer();
    progress.report(0.1);
    progress.report(0.2);
    await progress.flush();
    expect(written).toEqual([0.1, 0.2]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for the write that is under way, and for its own', async () => {
    const progress = writer({ takes: 2000 });
    progress.report(0.1);
    progress.report(0.2);
    let hasEnded = false;
    const flushed = progress.flush().then(() => {
      hasEnded = true;
    });
    await pass(2000);
    expect(written).toEqual([0.1, 0.2]);
    await pass(1999);
    expect(hasEnded).toBe(false);
    await pass(1);
    await flushed;
  });

  it.each([
    ['nothing was reported', []],
    ['everything is written', [0.1]],
  ])('writes nothing when %s', async (_, values) => {
    const progress = writer();
    for (const value of values) progress.report(value);
    await pass(2000);
    await progress.flush();
    expect(written).toEqual(values);
  });
});

describe('a write that fails', () => {
  it('is logged, and the next one says more', async () => {
    const progress = writer({ failing: [0.1, 0.3] });
    progress.report(0.1);
    progress.report(0.2);
    await pass(2000);
    progress.report(0.3);
    await progress.flush();
    expect(written).toEqual([0.1, 0.2, 0.3]);
    expect(log).toEqual([
      expect.stringContaining('0.1 was refused'),
      expect.stringContaining('0.3 was refused'),
    ]);
  });
});
