/**
 * Limits of H.264 levels: ITU-T H.264 (08/2021), table A-1. Rates are for the Main and Baseline profiles in kbit/s
 * (units of 1000 bit/s); High multiplies them by 1.25 (table A-2, cpbBrVclFactor 1250 against 1000).
 */
interface LevelLimits {
  /** Macroblocks (16x16) a second. */
  readonly maxMacroblocksPerSecond: number;
  /** Macroblocks a frame. */
  readonly maxFrameMacroblocks: number;
  readonly maxBitrateKbps: number;
  readonly maxCpbKbit: number;
}

const LEVELS = {
  '4.0': {
    maxMacroblocksPerSecond: 245_760,
    maxFrameMacroblocks: 8192,
    maxBitrateKbps: 20_000,
    maxCpbKbit: 25_000,
  },
  '4.1': {
    maxMacroblocksPerSecond: 245_760,
    maxFrameMacroblocks: 8192,
    maxBitrateKbps: 50_000,
    maxCpbKbit: 62_500,
  },
  '4.2': {
    maxMacroblocksPerSecond: 522_240,
    maxFrameMacroblocks: 8704,
    maxBitrateKbps: 50_000,
    maxCpbKbit: 62_500,
  },
  '5.0': {
    maxMacroblocksPerSecond: 589_824,
    maxFrameMacroblocks: 22_080,
    maxBitrateKbps: 135_000,
    maxCpbKbit: 135_000,
  },
  '5.1': {
    maxMacroblocksPerSecond: 983_040,
    maxFrameMacroblocks: 36_864,
    maxBitrateKbps: 240_000,
    maxCpbKbit: 240_000,
  },
} as const satisfies Record<string, LevelLimits>;

export type H264Level = keyof typeof LEVELS;
export type H264Profile = 'baseline' | 'main' | 'high';

export const H264_LEVELS = Object.keys(LEVELS) as readonly H264Level[];

/** Largest picture side that NVENC's H.264 encoder takes, in pixels (NVIDIA Video Codec SDK, NVENC application note). */
export const H264_MAX_SIDE = 4096;

/** Bitrate and buffer limits of a level for a profile, in kbit/s and kbit. */
export function levelRates(
  level: H264Level,
  profile: H264Profile,
): { maxBitrateKbps: number; maxCpbKbit: number } {
  const factor = profile === 'high' ? 1.25 : 1;
  const { maxBitrateKbps, maxCpbKbit } = LEVELS[level];
  return { maxBitrateKbps: maxBitrateKbps * factor, maxCpbKbit: maxCpbKbit * factor };
}

/** What is known of a stream when it is held against a level. */
export interface StreamDemands {
  readonly width?: number;
  readonly height?: number;
  /** Frames a second. */
  readonly frameRate?: number | undefined;
  readonly bitrateKbps?: number | undefined;
}

/**
 * Says which limit of a level a stream exceeds.
 *
 * @returns a clause such as `2560x1440 has 14400 macroblocks a frame and level 4.1 allows 8192`, or `undefined` when it fits
 */
export function levelExceeded(
  level: H264Level,
  profile: H264Profile,
  demands: StreamDemands,
): string | undefined {
  const limits: LevelLimits = LEVELS[level];
  const { maxBitrateKbps } = levelRates(level, profile);
  if (demands.bitrateKbps !== undefined && demands.bitrateKbps > maxBitrateKbps) {
    return `${demands.bitrateKbps} kbit/s is more than the ${maxBitrateKbps} kbit/s that level ${level} allows in the ${profile} profile`;
  }
  if (demands.width === undefined || demands.height === undefined) return undefined;
  const size = `${demands.width}x${demands.height}`;
  const columns = Math.ceil(demands.width / 16);
  const rows = Math.ceil(demands.height / 16);
  const macroblocks = columns * rows;
  if (macroblocks > limits.maxFrameMacroblocks) {
    return `${size} has ${macroblocks} macroblocks a frame and level ${level} allows ${limits.maxFrameMacroblocks}`;
  }
  // A.3.1: neither side may exceed sqrt(8 * MaxFS) macroblocks.
  if (Math.max(columns, rows) > Math.sqrt(8 * limits.maxFrameMacroblocks)) {
    return `${size} is longer on one side than level ${level} allows`;
  }
  const perSecond = macroblocks * (demands.frameRate ?? 0);
  if (perSecond > limits.maxMacroblocksPerSecond) {
    return `${size} at ${demands.frameRate} frames/s has ${Math.round(perSecond)} macroblocks a second and level ${level} allows ${limits.maxMacroblocksPerSecond}`;
  }
  return undefined;
}
