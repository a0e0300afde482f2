import { expect, it } from 'vitest';
import { axisText, axisTo, place } from '../../../local/charts/axis.ts';
import { lineChart } from '../../../local/charts/line-chart.ts';

it.each([
  [[7], [0, 2, 4, 6, 8]],
  [
    [515, 57],
    [0, 200, 400, 600],
  ],
  [[0.088], ['0.00', '0.02', '0.04', '0.06', '0.08', '0.10']],
  [[5], [0, 1, 2, 3, 4, 5]],
])('puts ticks at round numbers beyond %j', (values, ticks) => {
  const axis = axisTo('seconds', values);
  expect(axis.ticks.map((tick) => axisText(axis, tick))).toEqual(ticks.map(String));
});

it.each([
  [{ label: '', ticks: [0, 50, 100] }, 25, 0.25],
  [{ label: '', ticks: [1, 16], doubling: true }, 4, 0.5],
])('places a value on an axis', (axis, value, at) => {
  expect(place(axis, value)).toBe(at);
});

const chart = lineChart({
  title: 'Less & <more>',
  x: { label: 'GPUs', ticks: [0, 10] },
  y: { label: 'seconds', ticks: [0, 1] },
  series: [
    {
      name: 'warm',
      points: [
        [0, 0],
        [10, 1],
      ],
    },
  ],
});

it('draws a line from corner to corner', () => {
  expect(chart).toContain('<polyline points="64,344 696,76"');
});

it('names what it shows, as XML', () => {
  expect(chart).toContain('<title>Less &amp; &lt;more&gt;</title>');
  for (const word of ['GPUs', 'seconds', 'warm']) expect(chart).toContain(`>${word}</text>`);
});
