import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem, type } from 'node:os';
import type { FfmpegTools } from '../ffmpeg.ts';

/** What figures depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gb: number;
  readonly system: string;
  readonly node: string;
  readonly ffmpeg: string;
}

export function describeMachine({ ffmpeg }: FfmpegTools): Machine {
  const version = execFileSync(ffmpeg, ['-version'], { encoding: 'utf8' });
  return {
    cpu: cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 1024 ** 3),
    system: type(),
    node: process.version,
    ffmpeg: /^ffmpeg version (\S+)/.exec(version)?.[1] ?? 'unknown',
  };
}

/** A machine in a sentence. */
export function machineText({ cpu, cores, memory_gb, system, node, ffmpeg }: Machine): string {
  return `${cpu}, ${cores} cores, ${memory_gb} GB of memory, ${system}, Node ${node}, ffmpeg ${ffmpeg}.`;
}
