import { type H264Level, type H264Profile, levelRates } from '../h264-levels.ts';
import { seconds } from '../media/seconds.ts';
import type { Size, VideoSource } from '../media/source.ts';
import type { RateControl } from '../rate-control.ts';
import type { Interpolation, Preset } from '../request/output.ts';

/** Every encoder that an output can be made with, by ffmpeg's name. */
export type EncoderName = 'libx264' | 'h264_nvenc';

/** What an encoder is told for one output: a request's words with nothing left open. */
export interface EncoderSettings {
  readonly size: Size;
  readonly interpolation: Interpolation;
  readonly preset: Preset;
  readonly profile: H264Profile;
  /** Undefined lets the encoder choose the lowest level that fits. */
  readonly level: H264Level | undefined;
  readonly entropyCoder: 'cabac' | 'cavlc';
  readonly rateControl: RateControl;
}

/** How the frames follow each other that an encoder gets. */
export interface FrameTiming extends Pick<VideoSource, 'frameRate' | 'hasConstantRate'> {
  /** Seconds at which the time line begins, for an encoder that gets the input's own times; missing for its first frame. */
  readonly origin?: number | undefined;
  /** Seconds, as the encoder's frames count them, at which keyframes stand beside the first frame; missing for every interval. */
  readonly keyframes?: readonly number[] | undefined;
}

/**
 * Ticks a second in which the times of frames are written. Milliseconds are too coarse for the frame times of many rates; 90 kHz
 * is MPEG's own clock.
 */
export const CLOCK_RATE = 90_000;

/** Seconds between keyframes, which stand at the same times in every output so that players can switch between them. */
export const KEYFRAME_INTERVAL_S = 2;

/**
 * The most frames between keyframes. Forced keyframes come long before it at every frame rate that is met, so it never
 * sets one of its own.
 */
const LONGEST_GOP_FRAMES = 600;

/**
 * Frames count as on time that come so much too early, in seconds: many containers round times, to the millisecond or worse.
 */
export const ROUNDING_S = 0.005;

const intervalOf = (time: string) => `floor((${time}+${ROUNDING_S})/${KEYFRAME_INTERVAL_S})`;

/** True for the first frame of an interval; one in which there are no frames is passed over. ffmpeg counts `t` from the first frame on. */
const IS_FIRST = `isnan(prev_forced_t)+gt(${intervalOf('t')},${intervalOf('prev_forced_t')})`;

/** Closed GOPs, each begun by a forced IDR frame. */
export function gopArguments({ keyframes }: FrameTiming): string[] {
  const times = keyframes?.map(seconds).join() ?? `expr:${IS_FIRST}`;
  const forced = times === '' ? [] : ['-force_key_frames', times, '-forced-idr', '1'];
  return ['-g', String(LONGEST_GOP_FRAMES), ...forced];
}

/** The lowest-latency presets do without everything that looks ahead. */
export function isLowLatency(preset: Preset): boolean {
  return preset === 'll' || preset === 'llhq' || preset === 'llhp';
}

/** The decoder's buffer that bounds the peaks: kbit/s at which it fills, and its size in kbit. */
export interface PeakLimits {
  readonly maxrateKbps: number;
  readonly bufsizeKbit: number;
}

/**
 * The bounds on an output's peaks: the target itself over one second for cbr; 1.5 times the target over 2/1.5 seconds for
 * the others, or what a given level allows where that is less. Undefined where neither bounds them.
 */
export function peakLimits({ rateControl, level, profile }: EncoderSettings): PeakLimits | undefined {
  if (rateControl.mode === 'constqp') return undefined;
  if (rateControl.mode === 'cbr') {
    return { maxrateKbps: rateControl.bitrateKbps, bufsizeKbit: rateControl.bitrateKbps };
  }
  const target = rateControl.mode === 'quality' ? rateControl.capKbps : rateControl.bitrateKbps;
  if (target === undefined && level === undefined) return undefined;
  const allowed = level && levelRates(level, profile);
  return {
    maxrateKbps: Math.floor(Math.min((target ?? Infinity) * 1.5, allowed?.maxBitrateKbps ?? Infinity)),
    bufsizeKbit: Math.floor(Math.min((target ?? Infinity) * 2, allowed?.maxCpbKbit ?? Infinity)),
  };
}

/** The arguments that bound an output's peaks. */
export function peakArguments(settings: EncoderSettings): string[] {
  const limits = peakLimits(settings);
  if (limits === undefined) return [];
  return ['-maxrate', `${limits.maxrateKbps}k`, '-bufsize', `${limits.bufsizeKbit}k`];
}

/** Profile, level and entropy coder, whose options have the same names in every encoder. */
export function syntaxArguments({ profile, level, entropyCoder }: EncoderSettings): string[] {
  const levelArguments = level === undefined ? [] : ['-level', level];
  return ['-profile:v', profile, ...levelArguments, '-coder', entropyCoder];
}
