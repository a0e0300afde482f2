import * as v from 'valibot';
import { fleetSchema, type SplitSettings } from '../../domain/plan/fleet.ts';
import { gpuSpeeds } from '../../domain/plan/gpu-speeds.ts';

/** A fleet of L4s on which short clips are not split, unless the settings say otherwise. */
export function fleetWith(split: Partial<SplitSettings> = {}) {
  const host = gpuSpeeds('L4');
  const costs = { usd_per_hour: 0.8, start_s: 8, package_bytes_per_s: 100e6 };
  return v.parse(fleetSchema, { host, hosts: 16, ...costs, split });
}
