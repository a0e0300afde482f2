import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { serveVideo } from './endless-video.ts';
import type { Figure, Findings } from './figures.ts';
import { doJob } from './jobs.ts';
import { MemoryWatch } from './memory-watch.ts';
import { ServiceProcess } from './service-process.ts';

/** Frames of an uncompressed video of so many bytes. */
const SIZES = [
  { size: '100 MB', frames: 72 },
  { size: '4 GB', frames: 2900 },
];

/** Processes by what their command lines contain. */
const PROCESSES = { worker: 'worker.mjs', service: 'local.mjs', "service's storage": 's3.mjs' };

const LIMIT_MB = 150;

/** (f): the memory of the service and of its worker, without ffmpeg, for a small and for a large input. */
export async function measureMemory({ only, scratch, say }: Bench): Promise<Findings> {
  if (!only.includes('f')) return {};
  const service = await ServiceProcess.start(join(scratch, 'memory'));
  const figures: Figure[] = [];
  try {
    for (const { size, frames } of SIZES) {
      say(`A job with an input of ${size}.`);
      const peaks = await peaksOf(service, frames);
      const found = Object.entries(PROCESSES).map(([name, pattern]): Figure => {
        const value = Math.round(peaks[pattern] ?? Number.NaN);
        return { what: `${size}: ${name}`, value, unit: 'MB', goal: { most: LIMIT_MB } };
      });
      figures.push(...found);
    }
  } finally {
    await service.stop();
  }
  return { f: { title: 'Memory at its peak, without ffmpeg', figures } };
}

async function peaksOf(service: ServiceProcess, frames: number): Promise<Record<string, number>> {
  const video = await serveVideo(frames);
  const memory = new MemoryWatch(Object.values(PROCESSES), service.pid);
  try {
    const output = { codec: 'h264', resolution: '160x90', preset: 'llhp', dest_path: 'grey.mp4' } as const;
    await doJob({ url: video.url, outputs: [output] }, service.endpoints);
  } finally {
    await video.close();
    memory.stop();
  }
  return memory.stop();
}
