import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT } from '../../domain/batch/exit-codes.ts';
import { WORKER_ENV, WORKER_NODE_FLAGS } from '../../domain/environment.ts';
import { MemoryWatch } from '../../local/bench/memory-watch.ts';
import { workerEnvironment } from '../../local/function-environment.ts';
import { creds } from '../services/destination/destinations.ts';
import { file, type Reply } from '../services/origin.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { tableName } from '../support/job-store.ts';
import { keyId } from '../support/secret-box.ts';
import { endless } from './endless.ts';
import { vp8 } from './giants.ts';
import * as m from './mutations.ts';
import { type Ended, ffmpegTools, useWorkerHarness } from './worker-harness.ts';

const LIMIT_MS = 60_000;
const LIMIT_MB = 500;
const MB = 1_000_000;

const harness = useWorkerHarness();
const main = resolve('.build/worker.mjs');
let clip: Buffer;
let killLeft: () => void = () => {};

beforeAll(async () => {
  clip = readFileSync(await clipPath('h264.mp4'));
});
afterAll(() => killLeft());

interface WorkerEnd extends Ended {
  readonly jobId: string;
  /** Null when it crashed. */
  readonly exitCode: number | null;
  readonly megabytes: number;
}

/** Has a worker do a job in a process of its own. */
async function run(input: Reply): Promise<WorkerEnd> {
  const jobId = await harness.create(input);
  const { s3, store, kms, scratchDir } = harness;
  const stores = { s3, dynamodb: store.server, kms: kms.server };
  const memory = new MemoryWatch([main]);
  const child = spawn(process.execPath, [...WORKER_NODE_FLAGS, main], {
    env: {
      ...process.env,
      ...workerEnvironment(stores, ffmpegTools, creds),
      ...{ AWS_BATCH_JOB_ID: 'b-1', [WORKER_ENV.jobId]: jobId, [WORKER_ENV.scratchDir]: scratchDir },
      ...{ [WORKER_ENV.tableName]: tableName, [WORKER_ENV.keyId]: keyId },
    },
    stdio: 'ignore',
  });
  killLeft = () => child.kill('SIGTERM');
  const late = setTimeout(killLeft, LIMIT_MS);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  clearTimeout(late);
  const { [main]: megabytes = Number.NaN } = memory.stop();
  return { jobId, exitCode, megabytes, ...(await harness.ended(jobId)) };
}

const change = (mutation: m.Mutation) => file(mutation(Buffer.from(clip)));

/** A title of so many bytes, each of which takes six in JSON. */
const titled = (bytes: number): m.Mutation =>
  m.withMovie((movie) => {
    const text = Buffer.concat([Buffer.from([0, 0, 0x55, 0xc4]), Buffer.alloc(bytes, 1)]);
    text.writeUInt16BE(0xffff, 0);
    const data = m.box('data', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]), text.subarray(4));
    const handler = m.box('hdlr', Buffer.from('\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0', 'latin1'));
    const list = m.box('ilst', m.box('\xa9nam', data));
    return m.box('moov', movie, m.box('udta', m.box('meta', Buffer.alloc(4), handler, list)));
  });

it.each<[string, () => Reply]>([
  ['10,000 tracks', () => change(m.withTracks(10_000))],
  ['boxes that are 100,000 deep', () => change(m.nested('moov', 100_000))],
  ['a title of 20 MB of control characters', () => change(titled(20 * MB))],
  ['a header of 10 MB of empty boxes', () => endless('moov', m.box('free'), 10 * MB)],
  ['a header of 100 MB of empty tracks', () => endless('moov', m.box('trak'), 100 * MB)],
  ['a file of 100 MB of empty boxes', () => endless('free', m.box('free'), 100 * MB)],
  ['4 billion sizes', () => change(m.written('moov/trak/mdia/minf/stbl/stsz', 8, 0xffffffff))],
  [
    'pictures that are said to have 4 GB',
    () => change(m.written('moov/trak/mdia/minf/stbl/stsz', 4, 0xffffffff)),
  ],
  ['a picture of 16383x16383', () => file(vp8(16_383, 16_383))],
])(
  'a worker says what is wrong with %s, in less than 500 MB',
  async (_, input) => {
    const { jobId, exitCode, errors, made, megabytes } = await run(input());
    expect(megabytes).toBeLessThan(LIMIT_MB);
    expect(exitCode).toBe(made === 1 ? EXIT.done : EXIT.jobFailed);
    for (const { code } of errors) expect(code).toMatch(/^(input_|settings_|output_)/);
    expect(errors).toHaveLength(1 - made);
    expect(readdirSync(harness.scratchDir)).not.toContain(jobId);
  },
  2 * LIMIT_MS,
);
