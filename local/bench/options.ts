import { parseArgs } from 'node:util';
import { LETTERS, type Letter } from './figures.ts';

/** What a run is asked for. */
export interface BenchOptions {
  readonly only: readonly Letter[];
  readonly rounds: number;
  readonly json: boolean;
  readonly docs: boolean;
}

export const USAGE = `npm run bench [-- --only a,d --rounds N --json --docs]

  Measures the service on this machine, side by side with what one would use in its place:

  a     a whole job, from the request to the files, against the best single ffmpeg command
  b     the same against one ffmpeg for each rendition
  c     the job split in 2 and in 4 against unsplit
  d     the worker's reader of inputs against ffmpeg's own, also with latency and with connections that are cut
  e     creating jobs: what it takes beside its calls, the import of its function, many at once
  f     memory for inputs of 100 MB and of 4 GB
  plan  what the plan expects of the jobs in c, with this machine's speeds

  --only a,d   leaves the others out
  --rounds N   how often the encodes of a, b and c run, which take turns of about a second; medians are shown (default 3)
  --json       prints the numbers as one object, the last line on standard output
  --docs       writes the table and its chart into docs/; nothing may be left out`;

const MOST_ROUNDS = 100;

/** @returns undefined where help is asked for. @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: LETTERS.join() },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { json, docs } = values;
  const rounds = Number(values.rounds);
  if (!/^\d+$/.test(values.rounds) || rounds < 1 || rounds > MOST_ROUNDS)
    throw new Error(`--rounds must be a whole number from 1 to ${MOST_ROUNDS}, and is ${values.rounds}.`);
  const only = values.only.split(',').map(letterOf);
  if (docs && only.length < LETTERS.length)
    throw new Error('--docs tells of all measurements; leave --only out.');
  return { only, rounds, json, docs };
}

function letterOf(word: string): Letter {
  const letter = LETTERS.find((each) => each === word.trim());
  if (letter === undefined) throw new Error(`--only takes ${LETTERS.join(', ')}, and not "${word}".`);
  return letter;
}
