import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DOCUMENT, documentsOf } from '../../../local/bench/documents.ts';
import type { BenchResult } from '../../../local/bench/report.ts';

const result: BenchResult = {
  machine: { cpu: 'A', cores: 2, memory_gb: 8, system: 'Linux', node: 'v20', ffmpeg: '5.1' },
  rounds: 2,
  seconds: 600,
  findings: {
    a: {
      title: 'Job',
      figures: [{ what: 'job / command', value: 1.04, unit: '', goal: { most: 1.05 } }],
      runs: { job: [20, 22], command: [19, 21] },
    },
  },
};

const text = readFileSync(fileURLToPath(new URL(`../../../${DOCUMENT}`, import.meta.url)), 'utf8');

it('tells of the machine, the command and the figures in the place that the document has for it', () => {
  const { [DOCUMENT]: written = '', 'docs/charts/encodes.svg': chart } = documentsOf(result, text);
  expect(written).toContain('On A, 2 cores, 8 GB of memory, Linux, Node v20, ffmpeg 5.1.');
  expect(written).toContain(
    '`npm run bench -- --rounds 2 --docs` took 10 minutes. Goals reached: 1, missed: 0.',
  );
  expect(written).toContain('| job / command | 1.04 | at most 1.05 | yes |');
  expect(chart).toContain('<polyline');
  expect(documentsOf(result, written)[DOCUMENT]).toBe(written);
});
