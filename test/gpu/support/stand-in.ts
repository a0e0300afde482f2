import { join } from 'node:path';
import type { Mount } from './image.ts';

/** Where build.ts leaves the stand-in's libraries. */
export const DRIVER_FOLDER = join(import.meta.dirname, '../../../.build/gpu-stand-in');

/** Where the NVIDIA runtime mounts those of a real driver. */
const LIBRARY_FOLDER = '/usr/lib/x86_64-linux-gnu';

function libraries(...names: string[]): Mount[] {
  return names.map((name) => ({ from: join(DRIVER_FOLDER, name), to: `${LIBRARY_FOLDER}/${name}` }));
}

/** Makes a container one with a driver, which encodes. */
export const DRIVER: readonly Mount[] = libraries('libcuda.so.1', 'libnvidia-encode.so.1');

/** The driver's decoder, whose pictures are all grey. */
export const DECODER: readonly Mount[] = libraries('libnvcuvid.so.1');

/** What the stand-in is told by its environment. */
export interface StandInEnvironment {
  readonly STAND_IN_GPU?: 'T4' | 'A10G' | 'L4';
  readonly STAND_IN_FAILURE?: 'no-device' | 'no-session' | 'old-driver';
}

/** What ffmpeg has asked of the driver for one encoder: a line that record.c writes. Rates in bit/s, sizes in bits. */
export interface AskedEncoder {
  readonly api: string;
  readonly codec: 'h264' | 'hevc' | 'av1';
  readonly preset: string;
  readonly tuning: string;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly rateControl: 'constqp' | 'vbr' | 'cbr';
  readonly averageBitrate: number;
  readonly maxBitrate: number;
  readonly vbvBufferSize: number;
  readonly qpP: number;
  readonly qpB: number;
  readonly qpI: number;
  readonly targetQuality: number;
  readonly multiPass: 'disabled' | 'quarter' | 'full';
  /** Frames. */
  readonly lookahead: number;
  readonly sceneCutKeyframes: boolean;
  readonly spatialAq: boolean;
  readonly temporalAq: boolean;
  readonly profile: string;
  readonly gopLength: number;
  readonly bFrames: number;
  /** Ten times H.264's level; 0 leaves it to the driver. */
  readonly level: number;
  readonly idrPeriod: number;
  readonly bRefMode: 'disabled' | 'each' | 'middle';
  readonly repeatHeaders: boolean;
  /** Of H.264 alone, as is the next. */
  readonly entropy?: 'cabac' | 'cavlc' | 'auto';
  readonly fullRange?: boolean;
}
