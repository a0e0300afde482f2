import { axisTo } from '../charts/axis.ts';
import { lineChart, type Series } from '../charts/line-chart.ts';
import type { Results } from './results.ts';

/** The charts, as SVG, by the names of their files. */
export function chartsOf({ hour, stream, burst }: Results): Record<string, string> {
  const byGpus = (values: (row: Results['hour'][number]) => number) =>
    hour.map((row) => [row.gpus, values(row)] as const);
  const gpus = { label: 'GPUs (L4)', ticks: hour.map((row) => row.gpus), doubling: true };
  const seconds: Series[] = [
    { name: 'warm', points: byGpus(({ warm }) => warm.p50_s) },
    { name: 'cold', points: byGpus(({ cold }) => cold.p50_s) },
  ];
  const usd: Series[] = [
    { name: 'On-Demand', points: byGpus(({ warm }) => warm.usd) },
    { name: 'Spot', points: byGpus(({ warm_spot }) => warm_spot.usd) },
  ];
  const clips: Series[] = [
    { name: 'p50', points: stream.rows.map((row) => [row.gpus, row.p50_s]) },
    { name: 'p95', points: stream.rows.map((row) => [row.gpus, row.p95_s]) },
  ];
  const done: Series[] = burst.map((row) => ({
    name: `${row.gpus} GPUs, ${row.warm ? 'warm' : 'cold'}`,
    points: row.done_s.map((at, index) => [at, ((index + 1) * 100) / row.done_s.length]),
  }));
  return {
    'hour-seconds.svg': lineChart({
      title: 'An hour of 1080p to four renditions: how long it takes',
      x: gpus,
      y: axisTo('seconds, p50', valuesOf(seconds)),
      series: seconds,
    }),
    'hour-usd.svg': lineChart({
      title: 'An hour of 1080p to four renditions: what it costs',
      x: gpus,
      y: axisTo('USD', valuesOf(usd)),
      series: usd,
    }),
    'stream.svg': lineChart({
      title: 'A million clips a day: how long one takes',
      x: { label: 'warm GPUs (L4)', ticks: stream.rows.map((row) => row.gpus) },
      y: axisTo('seconds', valuesOf(clips)),
      series: clips,
    }),
    'burst.svg': lineChart({
      title: 'Ten thousand clips at once: how many are done',
      x: axisTo(
        'seconds',
        burst.map((row) => row.last_s),
      ),
      y: { label: '%', ticks: [0, 20, 40, 60, 80, 100] },
      series: done,
    }),
  };
}

function valuesOf(series: readonly Series[]): number[] {
  return series.flatMap(({ points }) => points.map(([, value]) => value));
}
