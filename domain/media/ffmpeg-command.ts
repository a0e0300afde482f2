import { encoderArguments, keepsTimes } from '../encoders/encoder-arguments.ts';
import {
  CLOCK_RATE,
  type EncoderName,
  type EncoderSettings,
  KEYFRAME_INTERVAL_S,
  ROUNDING_S,
} from '../encoders/settings.ts';
import type { Span } from '../plan/spans.ts';
import { isPlain, softwareFilterGraph } from './filter-graph.ts';
import type { Gpu } from './gpu.ts';
import { gpuFilterGraph } from './gpu-filter-graph.ts';
import { INPUT_LIMITS } from './input-formats.ts';
import { decodesOnGpu } from './nvdec.ts';
import { pictureLabel } from './picture-graph.ts';
import { seconds } from './seconds.ts';
import type { VideoSource } from './source.ts';
import { timeFilters } from './time-filters.ts';

/** What an installed ffmpeg knows. */
export interface FfmpegFeatures {
  /** `-fps_mode` came with ffmpeg 5.1, and the older `-vsync` is gone from 9. */
  readonly fpsMode: boolean;
  /** `-movie_timescale` came with ffmpeg 5.0. */
  readonly movieTimescale: boolean;
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
  /** Whether the pictures stay on the GPU from decoder to encoder: see `staysOnGpu`. */
  readonly onGpu: boolean;
  /** The part of the time line that is encoded; its frames keep their times. Undefined for all, with times from 0 on. */
  readonly span?: Span | undefined;
  /** Of the input, in seconds, where it is known. */
  readonly duration?: number | undefined;
  readonly features: FfmpegFeatures;
}

/**
 * Decodes on the GPU, and leaves the pictures there. Each output holds some of them while it looks ahead, for which the
 * decoder has to have room: https://docs.nvidia.com/video-technologies/video-codec-sdk/12.2/ffmpeg-with-nvidia-gpu/
 */
const NVDEC_ARGUMENTS: readonly string[] = [
  ...['-hwaccel', 'cuda', '-hwaccel_output_format', 'cuda'],
  ...['-extra_hw_frames', '8', '-threads', '1'],
];

/** Whether a GPU can decode a source, and needs to do nothing else with it but to make other sizes. */
export function staysOnGpu(source: VideoSource, gpu: Gpu | undefined): boolean {
  return gpu !== undefined && isPlain(source) && decodesOnGpu(source, gpu);
}

/** The arguments of one ffmpeg process that decodes an input once and encodes every output. */
export function encodeArguments(command: EncodeCommand): string[] {
  const { url, source, targets, encoder, onGpu, span } = command;
  const pictures = targets.map(({ settings }) => settings);
  const times = timeFilters({ ...source, span, keepsTimes: keepsTimes(encoder) });
  const filterGraph = onGpu ? gpuFilterGraph : softwareFilterGraph;
  return [
    ...['-hide_banner', '-nostdin', '-y', '-loglevel', 'warning'],
    ...['-progress', 'pipe:1', '-nostats'],
    ...INPUT_LIMITS,
    // The graph does it: ffmpeg 4.1 mirrors wrongly. One that began anew where the picture's size changes would count time anew.
    ...[
      '-noautorotate',
      '-reinit_filter',
      '0',
      ...(onGpu ? NVDEC_ARGUMENTS : []),
      ...seekArguments(source, span),
      '-i',
      url,
    ],
    ...['-filter_complex', filterGraph(source, pictures, times)],
    ...targets.flatMap((target, index) => targetArguments(target, index, command)),
  ];
}

/** H.264 and HEVC have decoders hold back 16 frames at most until they know which comes next. */
const [LEAST_RUN_UP_S, RUN_UP_FRAMES] = [0.8, 17];

/** Where frames may last for any time. */
const LONG_RUN_UP_S = 2;

/**
 * Seconds before a span from which on frames are decoded. The first ones after a jump may be missing or broken, for ffmpeg
 * jumps by the times at which frames are decoded, which is before they are shown; and filters that look at neighbours need
 * some.
 */
function runUp({ frameRate, hasConstantRate }: VideoSource): number {
  if (frameRate === undefined || !hasConstantRate) return LONG_RUN_UP_S;
  return Math.max(LEAST_RUN_UP_S, RUN_UP_FRAMES / frameRate);
}

/** Jumps to the keyframe before a span, and keeps the input's own times. */
function seekArguments(source: VideoSource, span: Span | undefined): string[] {
  if (span === undefined) return [];
  const from = span.start - runUp(source);
  return ['-copyts', ...(from > 0 ? ['-ss', seconds(from)] : [])];
}

function targetArguments({ settings, path }: EncodeTarget, index: number, command: EncodeCommand): string[] {
  const { source, encoder, features, span } = command;
  const { frameRate, hasConstantRate, startTime } = source;
  const timing = {
    frameRate,
    hasConstantRate,
    origin: span && startTime,
    keyframes: span && keyframesOf(command, span),
  };
  return [
    ...['-map', pictureLabel(index), '-map_metadata', '-1', '-map_chapters', '-1'],
    ...(features.fpsMode ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough']),
    ...['-enc_time_base', `1/${CLOCK_RATE}`],
    ...encoderArguments(encoder, settings, timing),
    ...['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ...['-video_track_timescale', String(CLOCK_RATE)],
    // A span's first frame is at no round time.
    ...(span && features.movieTimescale ? ['-movie_timescale', String(CLOCK_RATE)] : []),
    ...['-f', 'mp4', path],
  ];
}

/**
 * Seconds at which keyframes stand in a span: where they stand in the whole, and where the next span begins. One that is
 * shorter than their interval, as those are that are cut beside the grid, needs none inside.
 */
function keyframesOf({ source, encoder, duration = 0 }: EncodeCommand, { start, end }: Span): number[] {
  const until = end ?? duration;
  const first = Math.floor((start + ROUNDING_S) / KEYFRAME_INTERVAL_S) + 1;
  const count = until - start < KEYFRAME_INTERVAL_S ? 0 : Math.ceil(until / KEYFRAME_INTERVAL_S) - first;
  const onGrid = Array.from(
    { length: Math.max(0, count) },
    (_, index) => (first + index) * KEYFRAME_INTERVAL_S,
  );
  const offset = keepsTimes(encoder) ? source.startTime : 0;
  const cut = end === undefined ? [] : [end];
  return [...onGrid.map((at) => at - ROUNDING_S), ...cut].map((at) => at + offset);
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

/**
 * The arguments that encode one frame in the way of every job, to find out whether a host's encoder, driver and ffmpeg go
 * together.
 */
export function selfTestArguments(encoder: EncoderName): string[] {
  return [
    // At this level an encoder on a GPU tells which one it is.
    ...['-hide_banner', '-nostdin', '-loglevel', 'verbose'],
    ...['-f', 'lavfi', '-i', 'color=size=256x256:rate=25', '-frames:v', '1'],
    ...[
      '-pix_fmt',
      'yuv420p',
      ...encoderArguments(encoder, SELF_TEST, { frameRate: 25, hasConstantRate: true }),
    ],
    ...['-f', 'null', '-'],
  ];
}
