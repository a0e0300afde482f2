import * as v from 'valibot';
import { type Fleet, type FleetInput, fleetSchema, type HostSpeeds } from '../../../../domain/plan/fleet.ts';
import type { PlanInput } from '../../../../domain/plan/plan.ts';
import { planRenditions, type Rendition } from '../../../../domain/plan/renditions.ts';
import { parseJobRequest } from '../../../../domain/request/job-request.ts';
import { requestWith } from '../../../support/requests.ts';

export const FULL_HD = { width: 1920, height: 1080 };

/** A GPU whose speeds are round: 300 frames of 1080p a second for medium, 30 for slow, and nothing else takes time. */
export function hostWith(speeds: Partial<HostSpeeds> = {}): HostSpeeds {
  const encode_fps = { slow: 30, medium: 300, fast: 600, hp: 900, hq: 100, ll: 300, llhq: 100, llhp: 900 };
  return {
    name: 'round',
    decode_fps: 1e9,
    decoders: 1,
    encode_fps,
    engines: 1,
    shares_processors: false,
    ...speeds,
  };
}

/** Machines that start and package in no time and cost 3600 USD an hour, so a second costs one. */
export function fleetOf(fleet: Partial<FleetInput> = {}): Fleet {
  const free = { hosts: 1, usd_per_hour: 3600, start_s: 0, package_bytes_per_s: 1e12 };
  return v.parse(fleetSchema, { host: hostWith(), ...free, ...fleet });
}

/** What outputs of a 1080p source of 30 frames a second are to be. */
export function renditionsOf(...outputs: readonly object[]): Rendition[] {
  const { request } = parseJobRequest(JSON.stringify(requestWith({ outputs })));
  return planRenditions(request.outputs, { display: FULL_HD, frameRate: 30 });
}

export const ONE_FULL_HD = renditionsOf({ resolution: '1920x1080', preset: 'medium', bitrate_kbps: 8000 });

/** A source of 1080p in MP4. */
export function inputOf(duration: number | undefined, input: Partial<PlanInput> = {}): PlanInput {
  return { container: 'mp4', duration, frameRate: 30, size: FULL_HD, ...input };
}
