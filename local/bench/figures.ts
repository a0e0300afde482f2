/** The bounds that a figure is to keep. */
export interface Goal {
  readonly least?: number;
  readonly most?: number;
}

/** One number that was measured. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** Such as `s` or `MB`; empty for ratios and counts. */
  readonly unit: string;
  readonly goal?: Goal;
}

/** What a measurement has come to. */
export interface Finding {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** What has to be known to read them. */
  readonly notes?: readonly string[];
  /** Seconds of every run of what was done in turns, by what was done. */
  readonly runs?: Readonly<Record<string, readonly number[]>>;
}

/** The measurements by their letters; `plan` is what was expected of the jobs in c. */
export const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'plan'] as const;

export type Letter = (typeof LETTERS)[number];

export type Findings = Partial<Record<Letter, Finding>>;

/** Whether a figure keeps its bounds; undefined where it has none. */
export function isReached({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return value >= (goal.least ?? -Infinity) && value <= (goal.most ?? Infinity);
}

/** How many goals are not reached. */
export function missedGoals(findings: Findings): number {
  const figures = Object.values(findings).flatMap((finding) => finding.figures);
  return figures.filter((figure) => isReached(figure) === false).length;
}
