import type * as v from 'valibot';
import { encodeSeconds } from '../../domain/plan/encode-time.ts';
import type { HostSpeeds } from '../../domain/plan/fleet.ts';
import type { Rendition } from '../../domain/plan/renditions.ts';
import type { Preset } from '../../domain/request/output.ts';
import type { measuredSchema } from '../local-plans.ts';

/** The measured part of a fleet. */
export type Speeds = v.InferInput<typeof measuredSchema>;

/** What was measured of some frames of 1080p, all of it in seconds for all of them. */
export interface Timed {
  readonly cores: number;
  readonly frames: number;
  /** Pixels of all renditions of a frame, in those of 1080p. */
  readonly weight: number;
  readonly renditions: number;
  /** Processor time of decoding them. */
  readonly decodeCpu: number;
  /** Processor time of decoding them and making the pictures of all renditions. */
  readonly scaleCpu: number;
  /** Of one command that makes all renditions, by preset. */
  readonly encode: Readonly<Record<Preset, number>>;
}

/**
 * How fast this machine is. Decoder, scalers and encoders share its processors. How well many threads share them is counted
 * with the encoders, which take most of the time.
 */
export function hostSpeeds(name: string, timed: Timed): HostSpeeds {
  const { cores, frames, weight, renditions, decodeCpu, scaleCpu, encode } = timed;
  const others = scaleCpu / cores;
  const rates = Object.entries(encode).map(([preset, seconds]) => [
    preset,
    (frames * weight) / (seconds - others),
  ]);
  return {
    name,
    decode_fps: (frames * cores) / decodeCpu,
    scale_fps: (frames * cores * renditions) / (scaleCpu - decodeCpu),
    encode_fps: Object.fromEntries(rates) as HostSpeeds['encode_fps'],
    decoders: 1,
    engines: 1,
    shares_processors: true,
  };
}

/** A whole job, as it was seen. */
export interface TimedJob {
  readonly frames: number;
  readonly renditions: readonly Rendition[];
  /** From the request to its end. */
  readonly seconds: number;
  /** Of them those after the last frame was encoded. */
  readonly packaging: number;
  /** Of all its files. */
  readonly bytes: number;
}

const SIZE = { width: 1920, height: 1080 };

/**
 * All that plans want to know of this machine.
 *
 * @param small a job of small files, which says what jobs take beside encoding
 * @param large a job of large files, which says how long more bytes take
 */
export function speedsOf(host: HostSpeeds, small: TimedJob, large: TimedJob): Speeds {
  const encoding = encodeSeconds({ frames: small.frames, size: SIZE }, small.renditions, host);
  const rate = (large.bytes - small.bytes) / (large.packaging - small.packaging);
  const package_bytes_per_s = rate > 0 && Number.isFinite(rate) ? rate : FASTEST;
  return {
    host,
    start_s: Math.max(0, small.seconds - encoding - small.bytes / package_bytes_per_s),
    package_bytes_per_s,
  };
}

/** Where more bytes take no more time than can be told. */
const FASTEST = 1e9;
