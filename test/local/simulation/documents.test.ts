import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DOCUMENT, DOCUMENTED_SEED, documentsOf } from '../../../local/simulation/documents.ts';
import { simulateAll } from '../../../local/simulation/results.ts';

const results = simulateAll(DOCUMENTED_SEED);

it('is told in the documentation as it comes out: else npm run simulate -- --docs', () => {
  for (const [path, text] of Object.entries(documentsOf(results, read(DOCUMENT)))) {
    expect(read(path), path).toBe(text);
  }
});

it('has an hour of 1080p in four sizes done within a minute on 16 warm L4s, for less than 0.12 USD, on Spot for less than 0.05', () => {
  const row = results.hour.find(({ gpus }) => gpus === 16);
  expect(row?.warm.p95_s).toBeLessThan(60);
  expect(row?.warm.usd).toBeLessThan(0.12);
  expect(row?.warm_spot.usd).toBeLessThan(0.05);
});

it('refuses a document that has no place for it', () => {
  expect(() => documentsOf(results, '# Performance')).toThrow('docs/performance.md has no lines');
});

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
}
