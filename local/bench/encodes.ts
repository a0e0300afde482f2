import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobResource } from '../../domain/job/job-resource.ts';
import type { FfmpegTools } from '../ffmpeg.ts';
import { commandOf, oneCommand, type Target } from './commands.ts';
import { doJob, type JobOrder } from './jobs.ts';
import { childrenCpuSeconds } from './processes.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import type { ServiceProcess } from './service-process.ts';

/** The ways to make the renditions of the clip; a job is next to the command that it is held against. */
export const WAYS = ['at once', 'command', 'job', 'sequence', 'split in 2', 'split in 4'] as const;

export type Way = (typeof WAYS)[number];

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
  readonly targets: readonly Target[];
  readonly services: Readonly<Partial<Record<JobWay, ServiceProcess>>>;
  readonly order: JobOrder;
}

/** Makes all renditions in one of the ways. */
export async function encodeBy(way: Way, encoding: Encoding): Promise<EncodeRun> {
  const { tools, clip, targets, folder } = encoding;
  mkdirSync(folder, { recursive: true });
  switch (way) {
    case 'command':
      return runFfmpeg(tools, oneCommand(clip, targets));
    case 'sequence':
      return timed(async () => {
        for (const target of targets) await runFfmpeg(tools, commandOf(clip, target));
      });
    case 'at once':
      return timed(async () => {
        await Promise.all(targets.map((target) => runFfmpeg(tools, commandOf(clip, target))));
      });
    default:
      return jobBy(way, encoding);
  }
}

async function jobBy(way: JobWay, { services, order }: Encoding): Promise<EncodeRun> {
  const service = services[way];
  if (service === undefined) throw new Error(`There is no service for "${way}".`);
  const before = childrenCpuSeconds(service.pid);
  const { job, seconds } = await doJob(order, service.endpoints);
  const after = childrenCpuSeconds(service.pid);
  return { job, seconds, cpu: before === undefined || after === undefined ? undefined : after - before };
}

async function timed(work: () => Promise<void>): Promise<EncodeRun> {
  const begun = performance.now();
  await work();
  return { seconds: (performance.now() - begun) / 1000 };
}

/** The files of ffmpeg's commands. */
export function targetsIn(folder: string, renditions: readonly Target['rendition'][]): Target[] {
  return renditions.map((rendition, index) => ({ rendition, path: join(folder, `${index}.mp4`) }));
}
