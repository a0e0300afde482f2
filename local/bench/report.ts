import { table } from '../simulation/markdown.ts';
import { type Figure, type Findings, type Goal, isReached, LETTERS, type Letter } from './figures.ts';
import type { Machine } from './machine.ts';

/** All that a run has come to. */
export interface BenchResult {
  readonly machine: Machine;
  /** How often each thing was done. */
  readonly rounds: number;
  /** Seconds that the run took. */
  readonly seconds: number;
  readonly findings: Findings;
}

/** The result as one object, with the measurements by their letters. */
export function jsonOf({ findings, ...run }: BenchResult): object {
  const measurements = Object.entries(findings).map(([letter, finding]) => {
    const figures = finding.figures.map((figure) => ({ ...figure, reached: isReached(figure) }));
    return [letter, { ...finding, figures }];
  });
  return { ...run, ...Object.fromEntries(measurements) };
}

const HEADS = ['', 'measured', 'goal', 'reached'];

/** A table for a terminal. */
export function textTable(findings: Findings): string {
  const rows = linesOf(findings).map(({ title, cells }) => (title === undefined ? cells : [title]));
  const widths = HEADS.map((_, column) =>
    Math.max(...[HEADS, ...rows.filter((row) => row.length > 1)].map((row) => row[column]?.length ?? 0)),
  );
  return [HEADS, ...rows]
    .map((row) =>
      row
        .map((cell, column) => pad(cell, column, widths))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same in Markdown. */
export function markdownTable(findings: Findings): string {
  const rows = linesOf(findings).map(({ title, cells }) =>
    title === undefined ? cells : [`**${title}**`, '', '', ''],
  );
  return table(HEADS, rows);
}

/** What has to be known to read the figures, a line each. */
export function notesOf(findings: Findings): string[] {
  return inOrder(findings).flatMap(([letter, { notes = [] }]) => notes.map((note) => `(${letter}) ${note}`));
}

interface Line {
  /** Of a measurement, above its figures. */
  readonly title?: string;
  readonly cells: readonly string[];
}

function linesOf(findings: Findings): Line[] {
  return inOrder(findings).flatMap(([letter, { title, figures }]) => [
    { title: letter === 'plan' ? title : `(${letter}) ${title}`, cells: [] },
    ...figures.map((figure) => ({ cells: cellsOf(figure) })),
  ]);
}

function inOrder(findings: Findings) {
  return LETTERS.flatMap((letter): [Letter, NonNullable<Findings[Letter]>][] => {
    const finding = findings[letter];
    return finding === undefined ? [] : [[letter, finding]];
  });
}

function cellsOf(figure: Figure): string[] {
  const reached = isReached(figure);
  const words = reached === undefined ? '' : reached ? 'yes' : 'no';
  return [figure.what, `${numberText(figure.value)} ${figure.unit}`.trimEnd(), goalText(figure.goal), words];
}

/** Three digits or all whole ones. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return value.toFixed(0);
  return value.toPrecision(3);
}

function goalText({ least, most }: Goal = {}): string {
  if (least !== undefined && most !== undefined)
    return least === most ? String(least) : `${least} to ${most}`;
  if (least !== undefined) return `at least ${least}`;
  return most === undefined ? '' : `at most ${most}`;
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 1 ? cell.padStart(width) : cell.padEnd(width);
}
