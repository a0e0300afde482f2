import { axisTo } from '../charts/axis.ts';
import { lineChart } from '../charts/line-chart.ts';
import { type DocumentSection, withSection } from '../document-section.ts';
import { isReached } from './figures.ts';
import { machineText } from './machine.ts';
import { type BenchResult, markdownTable, notesOf } from './report.ts';

/** The document that tells the results. */
export const DOCUMENT = 'docs/performance.md';

const CHART = 'encodes.svg';

const SECTION: DocumentSection = {
  path: DOCUMENT,
  begin: '<!-- bench: written by npm run bench -- --docs -->',
  end: '<!-- end of bench -->',
};

/**
 * All files of the documentation that tell of the measurements, by their paths in the repository.
 *
 * @param document what the document has been so far
 * @throws Error where the document has no place for the results
 */
export function documentsOf(result: BenchResult, document: string): Record<string, string> {
  return {
    [DOCUMENT]: withSection(document, SECTION, sectionOf(result)),
    [`docs/charts/${CHART}`]: chartOf(result),
  };
}

function sectionOf(result: BenchResult): string {
  const { machine, rounds, seconds, findings } = result;
  const figures = Object.values(findings).flatMap((finding) => finding.figures);
  const [reached, missed] = [true, false].map((each) =>
    figures.filter((figure) => isReached(figure) === each),
  );
  return [
    `On ${machineText(machine)} \`npm run bench -- --rounds ${rounds} --docs\` took ${Math.round(seconds / 60)} minutes. Goals reached: ${reached?.length}, missed: ${missed?.length}.`,
    markdownTable(findings),
    notesOf(findings)
      .map((note) => `- ${note}`)
      .join('\n'),
    `![Seconds of each run](charts/${CHART})`,
  ].join('\n\n');
}

/** How long each way took in each round, which shows how quiet the machine was. */
function chartOf({ findings }: BenchResult): string {
  const runs = Object.assign({}, ...Object.values(findings).map((finding) => finding.runs)) as Record<
    string,
    number[]
  >;
  const series = Object.entries(runs).map(([name, seconds]) => ({
    name,
    points: seconds.map((value, index) => [index + 1, value] as const),
  }));
  const rounds = Math.max(...series.map(({ points }) => points.length));
  return lineChart({
    title: '60 s of 1080p to four renditions',
    x: { label: 'round', ticks: Array.from({ length: rounds + 1 }, (_, index) => index) },
    y: axisTo('seconds', Object.values(runs).flat()),
    series,
  });
}
