import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Preset } from '../../domain/request/output.ts';
import { measureSpeeds } from '../calibrate/measure-speeds.ts';
import { SPEEDS_FILE } from '../local-plans.ts';
import type { Bench } from './bench.ts';
import { CLIP_RATE, makeClip } from './clip.ts';
import {
  type EncodeRuns,
  type Expectations,
  expectations,
  jobPerRendition,
  type Similarities,
  split,
  wholeJob,
} from './encode-findings.ts';
import {
  type EncodeRun,
  type Encoding,
  encodeBy,
  JOB_WAYS,
  type JobWay,
  LENGTHS,
  type Stage,
  type Way,
} from './encodes.ts';
import type { Findings, Letter } from './figures.ts';
import { planOf } from './jobs.ts';
import { ladder, ladderRenditions } from './ladder.ts';
import { storeOf } from './service-media.ts';
import { ServiceProcess } from './service-process.ts';
import { similarityTo } from './similarity.ts';
import { byKey } from './statistics.ts';
import { takeTurns } from './take-turns.ts';
import type { Turn } from './turn.ts';

const SECONDS = 60;

/** What x264 calls veryfast, as those use it who encode on processors: slower ones would make a run last for an hour. */
const PRESET: Preset = 'hp';

/** Of a whole job. The other ways have longer or shorter ones. */
const TURN_MS = 1000;

/**
 * What is compared, and for which measurements. Whoever is stopped for long does what he does every few seconds in every
 * turn, so no more take turns than are compared.
 */
const COMPARISONS: readonly { readonly letters: readonly Letter[]; readonly ways: readonly Way[] }[] = [
  { letters: ['a'], ways: ['command', 'job'] },
  { letters: ['b'], ways: ['at once', 'job', 'sequence'] },
  { letters: ['c', 'plan'], ways: ['job', 'split in 2', 'split in 4'] },
];

/** (a), (b), (c) and the plan: all of them encode the same clip, in turns. */
export async function measureEncodes(bench: Bench): Promise<Findings> {
  const { tools, folder, only, say } = bench;
  const wanted = COMPARISONS.map(({ letters, ways }) => ({
    ways,
    letters: letters.filter((letter) => only.includes(letter)),
  })).filter(({ letters }) => letters.length > 0);
  if (wanted.length === 0) return {};
  say(`Making a clip of ${SECONDS} s.`);
  const clip = await makeClip(tools, folder, SECONDS);
  const findings: Findings[] = [];
  for (const { letters, ways } of wanted)
    findings.push(await compare({ ...bench, only: letters }, clip, ways));
  return Object.assign({}, ...findings);
}

async function compare(bench: Bench, clip: string, ways: readonly Way[]): Promise<Findings> {
  const { only, rounds } = bench;
  const done: Round[] = [];
  for (let round = 0; round < rounds; round++)
    done.push(await playRound(bench, clip, ways, { isFirst: round === 0 }));
  return findingsOf(
    only,
    byKey(done.map(({ runs }) => runs)),
    done[0]?.similarities ?? {},
    byKey(done.map(({ expected }) => expected)),
  );
}

interface Round {
  readonly runs: Readonly<Partial<Record<Way, EncodeRun>>>;
  /** Seconds. */
  readonly expected: Readonly<Partial<Record<Way, number>>>;
  readonly similarities: Similarities;
}

async function playRound(
  bench: Bench,
  clip: string,
  ways: readonly Way[],
  { isFirst }: { isFirst: boolean },
): Promise<Round> {
  const { tools, scratch, only, say } = bench;
  const stages = await setStages(bench, clip, ways.filter(isJobWay));
  const folder = join(scratch, 'commands');
  const renditions = ladderRenditions(PRESET, CLIP_RATE);
  const encoding: Encoding = { tools, clip, folder, renditions, stages };
  try {
    const expected = only.includes('plan') ? await expectedOf(stages) : {};
    say(`Encoding it in turns: ${ways.join(', ')}.`);
    const run = (way: Way, turn: Turn) => encodeBy(way, encoding, turn);
    const runs = await takeTurns(ways, run, (way) => TURN_MS * LENGTHS[way]);
    for (const [way, { seconds, cpu }] of Object.entries(runs))
      say(
        `  ${way}: ${seconds.toFixed(1)} s${cpu === undefined ? '' : `, ${cpu.toFixed(1)} s of processor time`}`,
      );
    // All rounds make the same files.
    const similarities = isFirst && only.includes('c') ? await similaritiesOf(encoding) : {};
    return { runs, expected, similarities };
  } finally {
    await Promise.all(Object.values(stages).map(({ service }) => service.stop()));
  }
}

function findingsOf(
  only: readonly Letter[],
  runs: EncodeRuns,
  similarities: Similarities,
  expected: Expectations,
): Findings {
  return {
    ...(only.includes('a') && { a: wholeJob(runs) }),
    ...(only.includes('b') && { b: jobPerRendition(runs) }),
    ...(only.includes('c') && { c: split(runs, similarities) }),
    ...(only.includes('plan') && { plan: expectations(runs, expected) }),
  };
}

/** Starts a service for each way that is a job. Where plans are asked for, it knows how fast this machine is now. */
async function setStages(bench: Bench, clip: string, ways: readonly JobWay[]): Promise<Encoding['stages']> {
  const { scratch, only } = bench;
  const speeds = only.includes('plan') ? await measureSpeeds(bench, [PRESET]) : undefined;
  const stages: Partial<Record<JobWay, Stage>> = {};
  for (const way of ways) {
    const data = join(scratch, way.replaceAll(' ', '-'));
    mkdirSync(data, { recursive: true });
    if (speeds) writeFileSync(join(data, SPEEDS_FILE), JSON.stringify(speeds));
    const parts = JOB_WAYS[way];
    const service = await ServiceProcess.start(data, parts && { OCTET_LOCAL_SPLIT: String(parts) });
    stages[way] = { service, order: { url: await publish(clip, service), outputs: ladder(PRESET) } };
  }
  return stages;
}

async function expectedOf(stages: Encoding['stages']): Promise<Round['expected']> {
  const expected: Partial<Record<Way, number>> = {};
  for (const [way, { service, order }] of Object.entries(stages))
    expected[way as JobWay] = (await planOf(order, service.endpoints)).expected?.seconds ?? Number.NaN;
  return expected;
}

/** Of the largest rendition. */
async function similaritiesOf({ stages, tools, clip, folder }: Encoding): Promise<Similarities> {
  const found: Partial<Record<Way, number>> = {};
  for (const [way, { service, order }] of Object.entries(stages)) {
    const media = storeOf(service);
    const path = join(folder, `${way}.mp4`);
    await media.download(String(order.outputs[0]?.dest_path), path).finally(() => media.close());
    found[way as JobWay] = await similarityTo(clip, path, tools);
  }
  return found;
}

/** Puts a file where its own service can read it. @returns its URL */
async function publish(path: string, service: ServiceProcess): Promise<string> {
  const media = storeOf(service);
  return media.upload(path, 'clip.mp4').finally(() => media.close());
}

function isJobWay(way: Way): way is JobWay {
  return way in JOB_WAYS;
}
