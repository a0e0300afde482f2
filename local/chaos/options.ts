import { parseArgs } from 'node:util';

/** What a run is asked for. */
export interface ChaosOptions {
  readonly jobs: number;
  readonly seed: number;
  /** Into how many parts every job is split; undefined for jobs that one worker does. */
  readonly split: number | undefined;
  readonly json: boolean;
}

export const USAGE = `npm run chaos [-- --jobs N --seed S --split N --json]

  Runs jobs through the whole service on this machine while everything fails: the services behind it, its workers, the
  service itself, the servers of its inputs and those that take its callbacks. Then it looks for what was lost.

  --jobs N  how many jobs must be accepted (default 20)
  --seed S  of all that fails, to see the same again (default: a random one, which is printed)
  --split N into how many parts every job is split (default: it is done by one worker)
  --json    prints the numbers as one object, the last line on standard output

  OCTET_LOCAL_WORKERS=2  jobs that run at once (default: half of the processors)`;

/** @returns undefined where help is asked for. @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): ChaosOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      jobs: { type: 'string', default: '20' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      split: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    jobs: wholeNumber('--jobs', values.jobs, 1, 10_000),
    seed: wholeNumber('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    split: values.split === undefined ? undefined : wholeNumber('--split', values.split, 2, 100),
    json: values.json,
  };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}, and is ${text}.`);
}
