import { type Axis, axisText, place } from './axis.ts';
import { escapeXml } from './escape-xml.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 400;

/** Pixels of the plot's edges. */
const LEFT = 64;
const RIGHT = WIDTH - 24;
const TOP = 76;
const BOTTOM = HEIGHT - 56;

/** Colours that can be told apart by all, also in print: https://jfly.uni-koeln.de/color/ */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];

const INK = '#24292f';
const FAINT = '#d8dee4';

/** A chart of lines as an SVG image, which is the same for the same numbers. */
export function lineChart({ title, x, y, series }: LineChart): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="${INK}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="28" font-size="16" font-weight="600">${escapeXml(title)}</text>`,
    ...legend(series),
    ...horizontalLines(y),
    ...x.ticks.map((tick) => text(across(x, tick), BOTTOM + 20, axisText(x, tick), 'middle')),
    text((LEFT + RIGHT) / 2, HEIGHT - 12, x.label, 'middle'),
    text(LEFT, TOP - 10, y.label, 'start'),
    ...series.flatMap(({ points }, index) => curve(points, x, y, colourOf(index))),
    '</svg>',
    '',
  ].join('\n');
}

function horizontalLines(y: Axis): string[] {
  return y.ticks.flatMap((tick) => [
    `<line x1="${LEFT}" x2="${RIGHT}" y1="${up(y, tick)}" y2="${up(y, tick)}" stroke="${FAINT}"/>`,
    text(LEFT - 8, up(y, tick) + 4, axisText(y, tick), 'end'),
  ]);
}

function legend(series: readonly Series[]): string[] {
  const step = (RIGHT - LEFT) / Math.max(series.length, 4);
  return series.flatMap(({ name }, index) => [
    `<rect x="${round(LEFT + index * step)}" y="39" width="14" height="4" fill="${colourOf(index)}"/>`,
    text(LEFT + index * step + 20, 46, name, 'start'),
  ]);
}

function curve(points: Series['points'], x: Axis, y: Axis, colour: string): string[] {
  const places = points.map(([a, b]) => [across(x, a), up(y, b)] as const);
  const line = places.map((pair) => pair.join(',')).join(' ');
  return [
    `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
  ];
}

function across(axis: Axis, value: number): number {
  return round(LEFT + place(axis, value) * (RIGHT - LEFT));
}

function up(axis: Axis, value: number): number {
  return round(BOTTOM - place(axis, value) * (BOTTOM - TOP));
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? INK;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
