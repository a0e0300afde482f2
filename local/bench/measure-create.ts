import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataFolder } from '../data-folder.ts';
import { readLocalEnvironment } from '../env.ts';
import { MediaStore } from '../media-store.ts';
import { percentile } from '../simulation/percentile.ts';
import { startStack } from '../stack.ts';
import type { Bench } from './bench.ts';
import { burst } from './burst.ts';
import { createJobs } from './create-calls.ts';
import type { Creates } from './create-process.ts';
import type { Figure, Findings } from './figures.ts';
import { bodyOf } from './jobs.ts';
import { ladder } from './ladder.ts';
import { median } from './statistics.ts';

/** As scripts/build-cloud.mjs makes it, from the repository's folder. */
const FUNCTION = '.build/lambdas/create-job/index.mjs';

const CREATES = 200;
const IMPORTS = 20;
const BURST = { jobs: 1000, connections: 64 };
const SAMPLE_SECONDS = 3;

/** (e): what creating a job takes beside its calls, how long its function takes to load, and many jobs at once. */
export async function measureCreate(bench: Bench): Promise<Findings> {
  const { only, scratch, say } = bench;
  if (!only.includes('e')) return {};
  say(`Creating ${CREATES} jobs one after another.`);
  const { creates, imports } = await withStack(bench, async (body) => ({
    creates: await createJobs({ file: FUNCTION, body, count: CREATES }),
    imports: Array.from({ length: IMPORTS }, () => importMs(FUNCTION)),
  }));
  say(`Creating ${BURST.jobs} jobs over ${BURST.connections} connections.`);
  const many = await burst({ folder: scratch, ...BURST });
  const name = `${BURST.jobs} over ${BURST.connections} connections`;
  const none = { most: 0 };
  return {
    e: {
      title: 'Creating jobs',
      figures: [
        ...createFigures(creates),
        { what: 'import of the function, cold', value: median(imports), unit: 'ms', goal: { most: 200 } },
        { what: 'size of the function, in all', value: kilobytesIn(dirname(FUNCTION)), unit: 'kB' },
        { what: `${name}: lost`, value: many.lost + BURST.jobs - many.accepted, unit: '', goal: none },
        { what: `${name}: doubled`, value: many.doubled, unit: '', goal: none },
        { what: `${name}: never submitted`, value: many.unsubmitted, unit: '', goal: none },
        { what: `${name}: a second`, value: many.per_second, unit: '' },
        { what: `${name}: p50`, value: many.p50_ms, unit: 'ms' },
        { what: `${name}: p99`, value: many.p99_ms, unit: 'ms' },
      ],
      notes: [
        'Our own time is that in which none of the calls is on its way: to the input, S3, KMS, DynamoDB and Batch.',
        'Many at once: each request is sent again with its idempotency key, and all of the service runs on this machine.',
      ],
    },
  };
}

function createFigures({ own, total }: Creates): Figure[] {
  return [
    { what: 'our own time, p50', value: percentile(own, 0.5), unit: 'ms', goal: { most: 10 } },
    { what: 'our own time, p99', value: percentile(own, 0.99), unit: 'ms' },
    { what: 'with the calls, p50', value: percentile(total, 0.5), unit: 'ms' },
  ];
}

/** Gives this process the environment of functions on a local stack whose workers do nothing. */
async function withStack<T>({ scratch, tools }: Bench, work: (body: string) => Promise<T>): Promise<T> {
  const folder = new DataFolder(join(scratch, 'create'));
  const workerProgram = join(scratch, 'no-worker.mjs');
  writeFileSync(workerProgram, '');
  const environment = { ...readLocalEnvironment(), apiKeys: undefined, workerProgram };
  const stack = await startStack({ folder, environment, tools, port: 0 });
  const media = new MediaStore(stack);
  try {
    const url = await media.sample(tools, SAMPLE_SECONDS);
    return await work(bodyOf({ url, outputs: ladder('medium') }, { ...stack, ...stack.settings }));
  } finally {
    media.close();
    await stack.close();
    folder.release();
  }
}

/** Milliseconds in a fresh process. */
function importMs(file: string): number {
  const url = JSON.stringify(pathToFileURL(file).href);
  const code = `const begun = performance.now(); await import(${url}); console.log(performance.now() - begun); process.exit()`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} cannot be imported: ${stderr}`);
  return Number(stdout);
}

/** What is deployed. */
function kilobytesIn(folder: string): number {
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return Math.round(bytes / 1000);
}
