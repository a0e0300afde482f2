import { encoderArguments } from '../encoders/encoder-arguments.ts';
import type { EncoderName, EncoderSettings, FrameTiming } from '../encoders/settings.ts';
import { pictureLabel, softwareFilterGraph } from './filter-graph.ts';
import type { VideoSource } from './source.ts';

/** What an installed ffmpeg knows. */
export interface FfmpegFeatures {
  /** `-fps_mode` came with ffmpeg 5.1, and the older `-vsync` is gone from 9. */
  readonly fpsMode: boolean;
}

/** One encoded file. */
export interface EncodeTarget {
  readonly settings: EncoderSettings;
  /** Where ffmpeg writes it. */
  readonly path: string;
}

export interface EncodeCommand {
  readonly url: string;
  readonly source: VideoSource;
  readonly targets: readonly EncodeTarget[];
  readonly encoder: EncoderName;
  readonly features: FfmpegFeatures;
}

/** ffmpeg and ffprobe may read the worker's own input server and files, and nothing else. */
export const INPUT_PROTOCOLS: readonly string[] = ['-protocol_whitelist', 'file,pipe,http,tcp'];

/** Milliseconds are too coarse for the frame times of many rates; 90 kHz is MPEG's own clock. */
export const TIME_BASE = '90000';

/** The arguments of one ffmpeg process that decodes an input once and encodes every output. */
export function encodeArguments({ url, source, targets, encoder, features }: EncodeCommand): string[] {
  const pictures = targets.map(({ settings }) => settings);
  return [
    ...['-hide_banner', '-nostdin', '-y', '-loglevel', 'warning'],
    ...['-progress', 'pipe:1', '-nostats'],
    ...INPUT_PROTOCOLS,
    // The graph does it: ffmpeg 4.1 mirrors wrongly. One that began anew where the picture's size changes would count time anew.
    ...['-noautorotate', '-reinit_filter', '0', '-i', url],
    ...['-filter_complex', softwareFilterGraph(source, pictures)],
    ...targets.flatMap((target, index) => targetArguments(target, index, source, encoder, features)),
  ];
}

function targetArguments(
  { settings, path }: EncodeTarget,
  index: number,
  timing: FrameTiming,
  encoder: EncoderName,
  features: FfmpegFeatures,
): string[] {
  return [
    ...['-map', pictureLabel(index), '-map_metadata', '-1', '-map_chapters', '-1'],
    ...(features.fpsMode ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough']),
    ...['-enc_time_base', `1/${TIME_BASE}`],
    ...encoderArguments(encoder, settings, timing),
    ...['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ...['-video_track_timescale', TIME_BASE, '-f', 'mp4', path],
  ];
}

const SELF_TEST: EncoderSettings = {
  size: { width: 256, height: 256 },
  interpolation: 'cubic',
  preset: 'medium',
  profile: 'high',
  level: undefined,
  entropyCoder: 'cabac',
  rateControl: { mode: 'quality', cq: 23, capKbps: undefined, multipass: false },
};

/** The arguments that encode one frame in the way of every job, to find out whether a host's encoder, driver and ffmpeg go together. */
export function selfTestArguments(encoder: EncoderName): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    ...['-f', 'lavfi', '-i', 'color=size=256x256:rate=25', '-frames:v', '1'],
    ...[
      '-pix_fmt',
      'yuv420p',
      ...encoderArguments(encoder, SELF_TEST, { frameRate: 25, hasConstantRate: true }),
    ],
    ...['-f', 'null', '-'],
  ];
}
