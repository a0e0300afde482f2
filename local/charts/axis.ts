/** One direction of a chart. It reaches from its first tick to its last one. */
export interface Axis {
  readonly label: string;
  readonly ticks: readonly number[];
  /** Whether each doubling is as long as the others. */
  readonly doubling?: boolean;
}

/** An axis from 0 to beyond the largest of some values, with about five ticks at round numbers. */
export function axisTo(label: string, values: readonly number[]): Axis {
  const most = Math.max(...values);
  const power = 10 ** Math.floor(Math.log10(most / 5));
  const factor = [1, 2, 5, 10].find((each) => each * power * 5 >= most) ?? 10;
  const step = factor * power;
  const count = Math.ceil(most / step);
  // Multiplied, not added up, so that 0.3 is 0.3.
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
  return { label, ticks };
}

/** Where a value is on an axis, from 0 at its beginning to 1 at its end. */
export function place({ ticks, doubling = false }: Axis, value: number): number {
  const scale = (number: number) => (doubling ? Math.log2(number) : number);
  const [first = 0, last = 1] = [ticks[0], ticks.at(-1)];
  return (scale(value) - scale(first)) / (scale(last) - scale(first));
}

/** A tick in words, with as many decimals as all ticks of the axis need. */
export function axisText({ ticks }: Axis, tick: number): string {
  const decimals = Math.max(...ticks.map((each) => (String(each).split('.')[1] ?? '').length));
  return tick.toFixed(decimals);
}
