import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobResource } from '../../domain/job/job-resource.ts';
import type { Rendition } from '../../domain/plan/renditions.ts';
import type { FfmpegTools } from '../ffmpeg.ts';
import { commandOf, oneCommand, type Target } from './commands.ts';
import { doJob, type JobOrder } from './jobs.ts';
import { childrenCpuSeconds } from './processor-time.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import type { ServiceProcess } from './service-process.ts';
import { startClock, type Turn } from './turn.ts';

/** The ways to make the renditions of the clip, and about how long each takes: so many times as long as a whole job. */
export const LENGTHS = {
  'at once': 1.47,
  command: 0.95,
  job: 1,
  sequence: 1.58,
  'split in 2': 1.07,
  'split in 4': 1.15,
} as const;

export type Way = keyof typeof LENGTHS;

/** The ways that are jobs of the service, and into how many parts it splits them. */
export const JOB_WAYS = { job: undefined, 'split in 2': 2, 'split in 4': 4 } as const;

export type JobWay = keyof typeof JOB_WAYS;

export interface EncodeRun {
  readonly seconds: number;
  /** Seconds of processor time, where it was measured. */
  readonly cpu?: number | undefined;
  /** Where it was one. */
  readonly job?: JobResource;
}

export interface Encoding {
  readonly tools: FfmpegTools;
  readonly clip: string;
  /** For the files of ffmpeg's commands. */
  readonly folder: string;
  readonly renditions: readonly Rendition[];
  readonly stages: Readonly<Partial<Record<JobWay, Stage>>>;
}

/** A service, and what is asked of it: it reads the clip from itself, so that nothing of a job is beside its turn. */
export interface Stage {
  readonly service: ServiceProcess;
  readonly order: JobOrder;
}

/** Makes all renditions in one of the ways, within its turn. */
export async function encodeBy(way: Way, encoding: Encoding, turn: Turn): Promise<EncodeRun> {
  const { tools, clip, folder, renditions } = encoding;
  const commands = join(folder, way.replaceAll(' ', '-'));
  mkdirSync(commands, { recursive: true });
  const targets = targetsIn(commands, renditions);
  switch (way) {
    case 'command':
      return runFfmpeg(tools, oneCommand(clip, targets), turn);
    case 'sequence':
      return timed(turn, async () => {
        for (const target of targets) await runFfmpeg(tools, commandOf(clip, target), turn);
      });
    case 'at once':
      return timed(turn, () =>
        Promise.all(targets.map((target) => runFfmpeg(tools, commandOf(clip, target), turn))),
      );
    default:
      return jobBy(encoding.stages[way], turn);
  }
}

async function jobBy(stage: Stage | undefined, turn: Turn): Promise<EncodeRun> {
  if (stage === undefined) throw new Error('A job needs a service.');
  const { service, order } = stage;
  turn.add(service.pid);
  const before = childrenCpuSeconds(service.pid);
  const { job, begun, ended } = await doJob(order, service.endpoints);
  const after = childrenCpuSeconds(service.pid);
  const cpu = before === undefined || after === undefined ? undefined : after - before;
  return { job, seconds: turn.secondsBetween(begun, ended), cpu };
}

async function timed(turn: Turn, work: () => Promise<unknown>): Promise<EncodeRun> {
  const seconds = startClock(turn);
  await work();
  return { seconds: seconds() };
}

/** The files of ffmpeg's commands. */
export function targetsIn(folder: string, renditions: readonly Rendition[]): Target[] {
  return renditions.map((rendition, index) => ({ rendition, path: join(folder, `${index}.mp4`) }));
}
