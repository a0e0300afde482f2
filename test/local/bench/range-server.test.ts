import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Distance, serveFile } from '../../../local/bench/range-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'octet-ranges-'));
const path = join(folder, 'file');
const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
writeFileSync(path, bytes);
afterAll(() => rmSync(folder, { recursive: true }));

async function read(distance: Distance, ranges: readonly (string | undefined)[]) {
  const server = await serveFile(path, distance);
  const answers: (Buffer | undefined)[] = [];
  for (const range of ranges) {
    const response = await fetch(server.url, range === undefined ? {} : { headers: { range } });
    answers.push(
      await response.arrayBuffer().then(
        (body) => Buffer.from(body),
        () => undefined,
      ),
    );
  }
  const { cuts } = server;
  await server.close();
  return { answers, cuts };
}

it.each<[string | undefined, number, number]>([
  [undefined, 0, 1000],
  ['bytes=0-99', 0, 100],
  ['bytes=990-', 990, 1000],
  ['bytes=990-5000', 990, 1000],
])('serves %s, in windows too', async (range, start, end) => {
  const wanted = bytes.subarray(start, end);
  for (const distance of [{ latencyMs: 0 }, { latencyMs: 1, windowBytes: 64 }]) {
    expect((await read(distance, [range])).answers).toEqual([wanted]);
  }
});

it('sends no more in a second than a connection carries', async () => {
  const begun = performance.now();
  const { answers } = await read({ latencyMs: 0, bytesPerSecond: 10_000 }, ['bytes=0-999']);
  expect(answers).toEqual([bytes]);
  expect(performance.now() - begun).toBeGreaterThan(90);
});

it('cuts one of so many answers', async () => {
  const range = 'bytes=0-99';
  const { answers, cuts } = await read({ latencyMs: 0, cutEach: 3 }, [range, range, range, range]);
  expect(answers.map((each) => each?.length)).toEqual([100, 100, undefined, 100]);
  expect(cuts).toBe(1);
});
