/** A table in Markdown. The first column is of words; the others are of numbers, unless they are aligned to the left. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  align: 'left' | 'right' = 'right',
): string {
  const rule = heads.map((_, index) => (index > 0 && align === 'right' ? '---:' : '---'));
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Seconds without decimals. */
export function whole(seconds: number): string {
  return seconds.toFixed(0);
}

export function usd(amount: number): string {
  return amount.toFixed(amount < 1 ? 3 : 2);
}
