import { expect, it } from 'vitest';
import { type Figure, type Findings, isReached, missedGoals } from '../../../local/bench/figures.ts';
import { jsonOf, markdownTable, notesOf, numberText, textTable } from '../../../local/bench/report.ts';

const findings: Findings = {
  b: {
    title: 'Renditions',
    figures: [{ what: 'one after another', value: 1.234567, unit: '', goal: { least: 1.4 } }],
    notes: ['The same settings.'],
  },
  a: {
    title: 'Job',
    figures: [
      { what: 'the job', value: 31.25, unit: 's' },
      { what: 'job / command', value: 1.04, unit: '', goal: { most: 1.05 } },
    ],
  },
};

const figure = (value: number, goal?: Figure['goal']): Figure => ({
  what: '',
  value,
  unit: '',
  ...(goal && { goal }),
});

it.each([
  [figure(1.05, { most: 1.05 }), true],
  [figure(1.06, { most: 1.05 }), false],
  [figure(1.4, { least: 1.4 }), true],
  [figure(1.3, { least: 1.4 }), false],
  [figure(1, { least: 0.8, most: 1.2 }), true],
  [figure(0.7, { least: 0.8, most: 1.2 }), false],
  [figure(Number.NaN, { most: 1 }), false],
  [figure(1), undefined],
])('tells whether %j has reached its goal: %s', (given, reached) => {
  expect(isReached(given)).toBe(reached);
});

it('counts the goals that are missed', () => {
  expect(missedGoals(findings)).toBe(1);
});

it('has a table for terminals, in the order of the letters', () => {
  expect(textTable(findings)).toBe(
    [
      '                   measured  goal          reached',
      '(a) Job',
      'the job              31.3 s',
      'job / command          1.04  at most 1.05  yes',
      '(b) Renditions',
      'one after another      1.23  at least 1.4  no',
    ].join('\n'),
  );
});

it('has the same table in Markdown', () => {
  expect(markdownTable(findings).split('\n')).toEqual([
    '|  | measured | goal | reached |',
    '| --- | ---: | ---: | ---: |',
    '| **(a) Job** |  |  |  |',
    '| the job | 31.3 s |  |  |',
    '| job / command | 1.04 | at most 1.05 | yes |',
    '| **(b) Renditions** |  |  |  |',
    '| one after another | 1.23 | at least 1.4 | no |',
  ]);
});

it('says what belongs to which figures', () => {
  expect(notesOf(findings)).toEqual(['(b) The same settings.']);
});

it('gives all as one object by letters', () => {
  const machine = { cpu: 'A', cores: 2, memory_gb: 8, system: 'Linux', node: 'v20', ffmpeg: '5.1' };
  expect(jsonOf({ machine, rounds: 3, seconds: 9, findings })).toMatchObject({
    machine,
    a: { title: 'Job', figures: [{ value: 31.25 }, { value: 1.04, goal: { most: 1.05 }, reached: true }] },
    b: { figures: [{ reached: false }] },
  });
});

it.each([
  [3, '3'],
  [0, '0'],
  [0.98765, '0.988'],
  [31.25, '31.3'],
  [1234.5, '1235'],
  [Number.NaN, '-'],
])('writes %d as %s', (value, text) => {
  expect(numberText(value)).toBe(text);
});
