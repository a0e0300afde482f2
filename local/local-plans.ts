import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { type Fleet, type FleetInput, fleetSchema } from '../domain/plan/fleet.ts';
import type { DataFolder } from './data-folder.ts';

/** What `npm run calibrate` has measured of this machine; beside it what is the same everywhere. */
export const SPEEDS_FILE = 'speeds.json';

/** Frames of 1080p a second that a processor core makes of x264's presets: a guess, until this machine is measured. */
const CORE_FPS = { slow: 3, medium: 6, fast: 7, hp: 15, hq: 3, ll: 15, llhq: 7, llhp: 20 };

/** The measured part of a fleet. */
export const measuredSchema = v.pick(fleetSchema, ['host', 'start_s', 'package_bytes_per_s']);

/** What jobs on this machine are planned for. All workers share its processors, so it counts as one host. */
export function localFleet(folder: DataFolder, children: number | undefined): Fleet {
  const fleet: FleetInput = {
    ...(measured(folder) ?? guess()),
    hosts: 1,
    usd_per_hour: 0,
    split: children === undefined ? {} : { children },
  };
  return v.parse(fleetSchema, fleet);
}

function measured(folder: DataFolder): v.InferOutput<typeof measuredSchema> | undefined {
  const path = folder.sub(SPEEDS_FILE);
  if (!existsSync(path)) return undefined;
  return v.parse(measuredSchema, JSON.parse(readFileSync(path, 'utf8')));
}

function guess(): v.InferInput<typeof measuredSchema> {
  const cores = availableParallelism();
  const encode = Object.entries(CORE_FPS).map(([preset, fps]) => [preset, fps * cores]);
  return {
    host: {
      name: `${cores} cores (not measured)`,
      decode_fps: 60 * cores,
      encode_fps: Object.fromEntries(encode),
      engines: 1,
      shares_processors: true,
    },
    start_s: 1,
    package_bytes_per_s: 20e6,
  };
}
