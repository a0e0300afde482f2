import { parseArgs } from 'node:util';

/** What the demo is asked for. */
export interface DemoOptions {
  /** A file or URL; undefined for the sample clip. */
  readonly input: string | undefined;
  /** Over how many workers the job is split; undefined for what the environment or the job's plan says. */
  readonly split: number | undefined;
  readonly json: boolean;
}

/** As many as the sample clip has keyframe intervals. */
const USUAL_SPLIT = 4;
const MOST_SPLIT = 100;

export const USAGE = `npm run demo [-- FILE_OR_URL] [--split [N]] [--json]

  Runs one job through the whole service on this machine: three renditions of FILE_OR_URL, or of a sample clip.

  --split [N]  splits it over N workers (default ${USUAL_SPLIT}), whose parts another one joins
  --json       prints the job's resource as the last thing on standard output (npm run -s demo -- --json | jq)

  OCTET_LOCAL_WORKERS=2  workers that run at once (default: half of the processors)`;

/** @returns undefined where help is asked for. @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const { values, positionals } = parseArgs({
    args: withSplit(args),
    options: {
      split: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return undefined;
  if (positionals.length > 1) throw new Error(`Give one file or URL, not ${positionals.length}.`);
  const split = values.split === undefined ? undefined : Number(values.split);
  if (split !== undefined && !(Number.isInteger(split) && split >= 2 && split <= MOST_SPLIT)) {
    throw new Error(`--split must be a whole number from 2 to ${MOST_SPLIT}, and is ${values.split}.`);
  }
  return { input: positionals[0], split, json: values.json };
}

/** Node's parser knows no option whose value may be left out. */
function withSplit(args: readonly string[]): string[] {
  const at = args.indexOf('--split');
  const isAlone = at !== -1 && !/^[\d.]+$/.test(args[at + 1] ?? '');
  return isAlone ? args.toSpliced(at, 1, `--split=${USUAL_SPLIT}`) : [...args];
}
