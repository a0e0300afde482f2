import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { countVariable } from '../domain/environment.ts';

const environmentSchema = v.object({
  OCTET_LOCAL_API_KEYS: v.optional(v.string()),
  OCTET_LOCAL_WORKER: v.optional(v.pipe(v.string(), v.minLength(1, 'is empty'))),
  /** Into how many parts jobs are split. */
  OCTET_LOCAL_SPLIT: countVariable,
  /** How many jobs run at once. */
  OCTET_LOCAL_WORKERS: countVariable,
  /** How many jobs the local Batch takes in a second. */
  OCTET_LOCAL_SUBMITS_PER_SECOND: countVariable,
});

/** What the environment says about the local service. */
export interface LocalEnvironment {
  /** API keys by their value, with their ids; none lets everybody in. */
  readonly apiKeys: ReadonlyMap<string, string> | undefined;
  readonly workers: number;
  /** Into how many parts every job is split that can be; undefined for what its plan says. */
  readonly split: number | undefined;
  /** Undefined for what Batch takes of an account. */
  readonly submitsPerSecond: number | undefined;
  /** A program for Node that runs in place of the worker; undefined for the worker itself. */
  readonly workerProgram: string | undefined;
  /** What workers inherit: where ffmpeg may find a driver's libraries. */
  readonly inherited: NodeJS.ProcessEnv;
}

/** @throws Error that names the variable that is not valid */
export function readLocalEnvironment(): LocalEnvironment {
  const result = v.safeParse(environmentSchema, process.env);
  if (!result.success) {
    const [issue] = result.issues;
    throw new Error(`${v.getDotPath(issue)} ${issue.message}.`);
  }
  const {
    OCTET_LOCAL_API_KEYS: keys,
    OCTET_LOCAL_WORKERS: workers,
    OCTET_LOCAL_SPLIT: split,
    OCTET_LOCAL_WORKER: program,
    OCTET_LOCAL_SUBMITS_PER_SECOND: submitsPerSecond,
  } = result.output;
  const names = (keys ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return {
    apiKeys: names.length === 0 ? undefined : new Map(names.map((name) => [name, name])),
    workerProgram: program === undefined ? undefined : resolve(program),
    submitsPerSecond,
    split,
    workers: workers ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    inherited: { PATH: process.env.PATH, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH },
  };
}
