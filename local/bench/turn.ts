import { processesByParent, signal } from '../processes.ts';

/** The stretches of time in which some processes run. Beside them, these are stopped. */
export class Turn {
  readonly #roots = new Set<number>();
  readonly #past: { readonly from: number; readonly to: number }[] = [];
  /** When it began; undefined outside of it. */
  #since: number | undefined;
  #isDissolved = false;

  /** Has a process run in this turn alone, with all that it starts. */
  add(pid: number): void {
    if (this.#isDissolved) return;
    this.#roots.add(pid);
    if (this.#since === undefined) this.#stop();
  }

  /** Leaves a process as it is, such as one that has ended. */
  remove(pid: number): void {
    this.#roots.delete(pid);
  }

  begin(): void {
    this.#resume();
    this.#since = Date.now();
  }

  end(): void {
    if (this.#since === undefined) return;
    const running = this.#families();
    this.#past.push({ from: this.#since, to: Date.now() });
    this.#since = undefined;
    this.#stop(running);
  }

  /** Has all its processes run at any time. */
  dissolve(): void {
    this.#isDissolved = true;
    this.#since = undefined;
    this.#resume();
    this.#roots.clear();
  }

  /** How many seconds of it lie between two moments, which are in milliseconds since 1970. */
  secondsBetween(from: number, to: number): number {
    const current = this.#since === undefined ? [] : [{ from: this.#since, to: Date.now() }];
    const shares = [...this.#past, ...current].map(
      (time) => Math.min(time.to, to) - Math.max(time.from, from),
    );
    return shares.reduce((sum, share) => sum + Math.max(0, share), 0) / 1000;
  }

  #resume(): void {
    for (const pid of this.#families()) signal(pid, 'SIGCONT');
  }

  #stop(running = this.#families()): void {
    const stopped = new Set<number>();
    const others = () => this.#families().filter((pid) => !stopped.has(pid));
    // A process may have started others while they were looked for.
    for (let found = running; found.length > 0; found = others()) {
      for (const pid of found) {
        signal(pid, 'SIGSTOP');
        stopped.add(pid);
      }
    }
  }

  /** The processes, their children, and so on. */
  #families(): number[] {
    const children = processesByParent();
    const found = [...this.#roots];
    for (const pid of found) found.push(...(children.get(pid) ?? []));
    return found;
  }
}

/** @returns what tells the seconds since now: all of them, or those of a turn */
export function startClock(turn?: Turn): () => number {
  const begun = Date.now();
  return () => turn?.secondsBetween(begun, Date.now()) ?? (Date.now() - begun) / 1000;
}
