import { parseArgs } from 'node:util';
import { DOCUMENTED_SEED } from './documents.ts';

/** What a run is asked for. */
export interface SimulationOptions {
  readonly seed: number;
  readonly json: boolean;
  readonly docs: boolean;
}

export const USAGE = `npm run simulate [-- --seed S --json --docs]

  Runs the service's planner over a model of the fleet: an hour of video on 1 to 64 GPUs, a million short clips a day, and
  ten thousand at once. Prints how long they take and what they cost. Nothing is encoded.

  --seed S  of all that is left to luck (default: ${DOCUMENTED_SEED})
  --json    prints the numbers as one object
  --docs    writes the tables and charts of the default seed into docs/`;

/** @returns undefined where help is asked for. @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): SimulationOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(DOCUMENTED_SEED) },
      json: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { json, docs } = values;
  const seed = Number(values.seed);
  if (!/^\d+$/.test(values.seed) || !Number.isSafeInteger(seed))
    throw new Error(`--seed must be a whole number from 0 on, and is ${values.seed}.`);
  if (docs && seed !== DOCUMENTED_SEED)
    throw new Error(`--docs writes what comes of the seed ${DOCUMENTED_SEED}; leave --seed out.`);
  return { seed, json, docs };
}
