import type { Result } from './result.ts';

export type Category = Exclude<keyof Result, 'jobs' | 'complete' | 'error'>;

/** What was found wrong, each in one line. */
export class Findings {
  readonly lines: string[] = [];
  readonly #counts = new Map<Category, number>();

  add(category: Category, text: string): void {
    this.#counts.set(category, this.of(category) + 1);
    this.lines.push(`${category}: ${text}`);
  }

  of(category: Category): number {
    return this.#counts.get(category) ?? 0;
  }
}
