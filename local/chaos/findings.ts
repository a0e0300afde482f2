/** How often each thing was found wrong. */
export interface Faults {
  /** Accepted or stored, and never ended. */
  readonly lost: number;
  /** Ended more than once, or changed after their end. */
  readonly settled_twice: number;
  /** Owners that never heard, or heard something wrong. */
  readonly callbacks_missing: number;
  /** Jobs that are there twice, though their clients have sent them once, or again with the same key. */
  readonly doubled: number;
  /** What still runs or is kept and should not, and files of complete jobs that are not all there. */
  readonly left_behind: number;
  /** Ended in a way that nothing which happened to them explains. */
  readonly unfitting: number;
}

const NONE: Faults = {
  lost: 0,
  settled_twice: 0,
  callbacks_missing: 0,
  doubled: 0,
  left_behind: 0,
  unfitting: 0,
};

/** What was found wrong, each in one line. */
export class Findings {
  readonly lines: string[] = [];
  #faults = NONE;

  add(category: keyof Faults, text: string): void {
    this.#faults = { ...this.#faults, [category]: this.#faults[category] + 1 };
    this.lines.push(`${category}: ${text}`);
  }

  get faults(): Faults {
    return this.#faults;
  }
}
