import { afterEach, describe, expect, it } from 'vitest';
import { HttpInput } from '../../services/http-input.ts';
import { BudgetExceededError, BudgetedReader, type ProbeBudget } from '../../services/probe-budget.ts';
import { file, type Origin, type Reply, status, useOrigins } from './origin.ts';

const start = useOrigins();
const KiB = 1024;
const content = Buffer.from(Array.from({ length: 1000 * KiB }, (_, index) => index % 251));
const inputs: HttpInput[] = [];

afterEach(async () => {
  await Promise.all(inputs.splice(0).map((input) => input.close()));
});

/** A reader of a file of 1000 KiB, of which the first 10 are here. */
async function readerOf(
  budget: Partial<ProbeBudget> = {},
  signal = new AbortController().signal,
  ...later: Reply[]
) {
  const origin = await start({ '/in.mp4': later.length === 0 ? file(content) : [file(content), ...later] });
  const input = await HttpInput.open(origin.at('/in.mp4'), { allowPrivateHosts: true, firstBytes: 10 * KiB });
  inputs.push(input);
  const reader = new BudgetedReader(input, { bytes: 4000 * KiB, requests: 8, ...budget }, signal);
  return { origin, reader };
}

/** The ranges that were fetched after the first one, in KiB. */
function fetched({ requests }: Origin): string[] {
  return requests.slice(1).map(({ range = '' }) => {
    const [from = 0, to = 0] = range.split('-').map(Number);
    return `${from / KiB}-${(to + 1) / KiB}`;
  });
}

describe('bytes', () => {
  it.each<[string, [number, number][], string[]]>([
    [
      'that are here are not fetched',
      [
        [0, 10],
        [3, 5],
      ],
      [],
    ],
    ['are fetched with 256 KiB ahead', [[20, 21]], ['20-276']],
    [
      'are fetched once',
      [
        [20, 21],
        [21, 100],
        [50, 276],
        [20, 276],
      ],
      ['20-276'],
    ],
    ['are fetched from where those that are here end', [[5, 12]], ['10-266']],
    ['are fetched at once however many they are', [[20, 600]], ['20-600']],
    ['are not fetched beyond the end', [[990, 1000]], ['990-1000']],
    [
      'that lie on both sides of a gap are joined',
      [
        [20, 21],
        [300, 301],
        [15, 320],
      ],
      ['20-276', '300-556', '15-320'],
    ],
  ])('%s', async (_, reads, expected) => {
    const { origin, reader } = await readerOf();
    for (const [from, to] of reads) {
      const bytes = await reader.read(from * KiB, to * KiB);
      expect(Buffer.compare(bytes, content.subarray(from * KiB, to * KiB))).toBe(0);
    }
    expect(fetched(origin)).toEqual(expected);
  });

  it('that are here are given at once', async () => {
    const { reader } = await readerOf();
    expect(reader.read(0, 10)).toEqual(content.subarray(0, 10));
  });

  it('that are asked for at the same time are fetched once', async () => {
    const { origin, reader } = await readerOf();
    await Promise.all([
      reader.read(20 * KiB, 30 * KiB),
      reader.read(25 * KiB, 40 * KiB),
      reader.read(20 * KiB, 21 * KiB),
    ]);
    expect(fetched(origin)).toEqual(['20-276']);
  });
});

describe('the budget', () => {
  it.each<[string, Partial<ProbeBudget>, string[]]>([
    ['of requests', { requests: 2 }, ['20-276']],
    ['of bytes', { bytes: (10 + 256 + 255) * KiB }, ['20-276']],
    ['of no more requests', { requests: 1 }, []],
    ['of no more bytes', { bytes: 10 * KiB }, []],
  ])('%s is not exceeded', async (_, budget, expected) => {
    const { origin, reader } = await readerOf(budget);
    const reads = [20, 400].map(async (from) => reader.read(from * KiB, (from + 1) * KiB));
    const read = (await Promise.allSettled(reads)).filter(({ status }) => status === 'fulfilled');
    expect(read).toHaveLength(expected.length);
    expect(reader.failure).toBeInstanceOf(BudgetExceededError);
    expect(fetched(origin)).toEqual(expected);
  });

  it('may be used up', async () => {
    const { reader } = await readerOf({ requests: 3, bytes: (10 + 256 + 256) * KiB });
    await reader.read(20 * KiB, 21 * KiB);
    await reader.read(400 * KiB, 401 * KiB);
    expect(reader.failure).toBeUndefined();
  });
});

describe('a failed fetch', () => {
  it('is kept, the first one of all', async () => {
    const { reader } = await readerOf({}, undefined, status(404), file(content, { ranges: false }));
    await expect(reader.read(20 * KiB, 21 * KiB)).rejects.toMatchObject({ code: 'input_unreachable' });
    await expect(reader.read(20 * KiB, 21 * KiB)).rejects.toMatchObject({ code: 'input_no_range_support' });
    expect(reader.failure).toMatchObject({ code: 'input_unreachable' });
  });

  it('does not keep later reads from their bytes', async () => {
    const { reader } = await readerOf({}, undefined, status(404), file(content));
    const [failed, read] = await Promise.allSettled([
      reader.read(20 * KiB, 21 * KiB),
      reader.read(30 * KiB, 31 * KiB),
    ]);
    expect([failed.status, read.status]).toEqual(['rejected', 'fulfilled']);
  });

  it("is the signal's reason when it is aborted", async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const { reader } = await readerOf({}, abort.signal, () => abort.abort(reason));
    await expect(reader.read(20 * KiB, 21 * KiB)).rejects.toBe(reason);
  });
});
