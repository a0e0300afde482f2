import * as v from 'valibot';
import { type Fleet, fleetSchema, type SplitSettings } from '../../domain/plan/fleet.ts';
import { gpuSpeeds } from '../../domain/plan/gpu-speeds.ts';
import { planRenditions, type Rendition } from '../../domain/plan/renditions.ts';
import { type OutputWords, outputSchema, type Preset } from '../../domain/request/output.ts';
import { type Assumptions, priceOf, type SimulatedGpu } from './assumptions.ts';
import type { Source } from './job-work.ts';

const FULL_HD = { width: 1920, height: 1080 };

/** The four renditions that every simulated job asks for. */
export const LADDER: readonly Pick<OutputWords, 'resolution' | 'bitrate_kbps'>[] = [
  { resolution: '1920x1080', bitrate_kbps: 4500 },
  { resolution: '1280x720', bitrate_kbps: 2500 },
  { resolution: '854x480', bitrate_kbps: 1200 },
  { resolution: '640x360', bitrate_kbps: 700 },
];

/** The ladder as the service settles it. */
export function ladderOf(preset: Preset): Rendition[] {
  const outputs = LADDER.map((words, index) =>
    v.parse(outputSchema, { ...words, codec: 'h264', preset, dest_path: `${index}.mp4` }),
  );
  return planRenditions(outputs, { display: FULL_HD, frameRate: undefined });
}

/** A source of 1080p in MP4. @param duration seconds */
export function sourceOf(duration: number, frameRate = 30): Source {
  return { container: 'mp4', duration, frameRate, size: FULL_HD };
}

export interface FleetWords {
  readonly gpu: SimulatedGpu;
  readonly gpus: number;
  readonly assumed: Assumptions;
  /** @default as the GPU has it */
  readonly engines?: number;
  /** @default the planner's own */
  readonly split?: Partial<SplitSettings>;
}

/** What the planner is told of a fleet. */
export function fleetOf({ gpu, gpus, assumed, engines, split = {} }: FleetWords): Fleet {
  const { start_s, package_bytes_per_s } = assumed;
  const speeds = gpuSpeeds(gpu);
  const host = { ...speeds, engines: engines ?? speeds.engines };
  const usd_per_hour = priceOf(gpu).on_demand;
  return v.parse(fleetSchema, { host, hosts: gpus, usd_per_hour, start_s, package_bytes_per_s, split });
}
