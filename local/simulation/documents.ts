import { type DocumentSection, withSection } from '../document-section.ts';
import { chartsOf } from './charts.ts';
import type { Results } from './results.ts';
import {
  assumptionTable,
  burstSummary,
  burstTable,
  hourTable,
  streamSummary,
  streamTable,
  whatIfTable,
} from './tables.ts';

/** The seed of what is written into the documentation. */
export const DOCUMENTED_SEED = 1;

/** The document that tells the results. */
export const DOCUMENT = 'docs/performance.md';

const CHART_FOLDER = 'docs/charts';

const SECTION: DocumentSection = {
  path: DOCUMENT,
  begin: '<!-- simulation: written by npm run simulate -- --docs -->',
  end: '<!-- end of simulation -->',
};

/**
 * All files of the documentation that tell of the simulation, by their paths in the repository.
 *
 * @param document what the document has been so far
 * @throws Error where the document has no place for the results
 */
export function documentsOf(results: Results, document: string): Record<string, string> {
  const charts = Object.entries(chartsOf(results)).map(([name, svg]) => [`${CHART_FOLDER}/${name}`, svg]);
  return { ...Object.fromEntries(charts), [DOCUMENT]: withSection(document, SECTION, sectionOf(results)) };
}

/** The results, as text. */
export function sectionOf(results: Results): string {
  return [
    '### An hour of 1080p',
    hourTable(results),
    '![How long an hour takes, by GPUs](charts/hour-seconds.svg)',
    '![What an hour costs, by GPUs](charts/hour-usd.svg)',
    '### An hour on 16 warm L4s, if one thing is otherwise',
    whatIfTable(results),
    '### A stream of short clips',
    streamSummary(results),
    streamTable(results),
    '![How long a clip takes, by GPUs](charts/stream.svg)',
    '### A burst of short clips',
    burstSummary(),
    burstTable(results),
    '![How many clips are done, by time](charts/burst.svg)',
    '### What is assumed',
    assumptionTable(),
  ].join('\n\n');
}
