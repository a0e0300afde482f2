import { setTimeout as delay } from 'node:timers/promises';
import { Turn } from './turn.ts';

/**
 * Does something in several ways, of which only one goes on at a time: each has its turn, and then the next one. So what
 * makes the machine slower for a while makes all of them slower alike, as long as none has ended.
 *
 * @param run starts its processes within the turn that it is given
 * @param turnMs milliseconds of a way's turns: short against the minutes in which a machine is slower, long against what a
 * change of turns takes, and the longer the longer the way takes, so that all end at about the same time
 * @returns what came of each way, when all have ended
 * @throws what one of them throws, at once
 */
export async function takeTurns<Way extends string, T>(
  ways: readonly Way[],
  run: (way: Way, turn: Turn) => Promise<T>,
  turnMs: (way: Way) => number,
): Promise<Record<Way, T>> {
  const players = ways.map((way) => new Player((turn) => run(way, turn), turnMs(way)));
  const dissolve = () => {
    for (const { turn } of players) turn.dissolve();
  };
  // Whoever ends this program does not want to have processes left that are stopped.
  process.once('exit', dissolve);
  try {
    for (let left = players; left.length > 0; left = left.filter(({ hasEnded }) => !hasEnded))
      for (const player of left) {
        await player.play();
        // One that fails may do so beside its turn.
        await Promise.all(players.filter(({ hasEnded }) => hasEnded).map(({ result }) => result));
      }
    const results = await Promise.all(players.map(({ result }) => result));
    return Object.fromEntries(ways.map((way, index) => [way, results[index]])) as Record<Way, T>;
  } finally {
    process.off('exit', dissolve);
    dissolve();
  }
}

class Player<T> {
  readonly turn = new Turn();
  readonly #run: (turn: Turn) => Promise<T>;
  readonly #turnMs: number;
  result: Promise<T> | undefined;
  hasEnded = false;

  constructor(run: (turn: Turn) => Promise<T>, turnMs: number) {
    this.#run = run;
    this.#turnMs = turnMs;
  }

  /** Has it go on for one turn, or until it ends. @throws what it throws */
  async play(): Promise<void> {
    this.turn.begin();
    this.result ??= this.#run(this.turn).finally(() => {
      this.hasEnded = true;
    });
    await Promise.race([this.result, delay(this.#turnMs)]);
    this.turn.end();
  }
}
