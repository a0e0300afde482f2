import { CLOCK_RATE, type EncoderSettings } from '../encoders/settings.ts';
import type { H264Profile } from '../h264-levels.ts';
import type { MadeFile } from './made-file.ts';
import { seconds } from './seconds.ts';

/** What an encoded file must be. */
export interface Expectation {
  readonly settings: EncoderSettings;
  readonly frames: number;
  /** Seconds. */
  readonly duration: number;
  /** Seconds that a frame lasts, on average. */
  readonly frameDuration: number;
  /** Seconds at which parts that were encoded by themselves follow each other. */
  readonly seams: readonly number[];
}

/** ffprobe's names of the profiles. */
const PROFILES: Readonly<Record<H264Profile, readonly string[]>> = {
  baseline: ['Baseline', 'Constrained Baseline'],
  main: ['Main'],
  high: ['High'],
};

const COLOURS = 'tv bt709 bt709 bt709';

/** Every way in which a file is not what it must be, each as a clause such as `has 250 frames instead of 251`. */
export function mismatches(made: MadeFile, expected: Expectation): string[] {
  const { settings, frames, duration, frameDuration } = expected;
  const { size, profile, level } = settings;
  const checks: [boolean, string][] = [
    [made.codec === 'h264', `is ${made.codec} instead of h264`],
    [PROFILES[profile].includes(made.profile), `has the profile ${made.profile} instead of ${profile}`],
    [level === undefined || made.level === level, `has level ${made.level} instead of ${level}`],
    [
      made.width === size.width && made.height === size.height,
      `is ${made.width}x${made.height} instead of ${size.width}x${size.height}`,
    ],
    [made.pixelFormat === 'yuv420p', `has the pixel format ${made.pixelFormat} instead of yuv420p`],
    [made.colours === COLOURS, `is tagged as ${made.colours} instead of ${COLOURS}`],
    [!made.isTurned, 'tells players to turn the picture'],
    [made.frames === frames, `has ${made.frames} frames instead of ${frames}`],
    [Math.abs(made.start) <= frameDuration, `starts at ${made.start} s instead of 0`],
    [
      Math.abs(made.duration - duration) <= frameDuration,
      `lasts ${made.duration} s instead of ${duration} s`,
    ],
  ];
  return checks.flatMap(([holds, clause]) => (holds ? [] : [clause]));
}

/** Seconds before and after a seam that are decoded. */
const AROUND_SEAM_S = 0.25;

/** Passages that one process decodes: each is a file that it opens, and a decoder with pictures in memory. */
const PASSAGES_AT_ONCE = 8;

/** Nobody looks at the pictures, so their blocks' edges may stay: that saves a quarter of the work. */
const READING = ['-skip_loop_filter', 'all'];

/**
 * The arguments that decode the first second of a file, its last, and what is around its seams. Any word of ffmpeg is a
 * fault.
 *
 * @param seams seconds
 */
export function decodeChecks(path: string, seams: readonly number[]): string[][] {
  const aroundSeams = seams.map((seam) => [
    ...['-ss', seconds(seam - AROUND_SEAM_S)],
    ...['-t', seconds(2 * AROUND_SEAM_S)],
  ]);
  const passages = [['-t', '1'], ['-sseof', '-1'], ...aroundSeams];
  return groupsOf(PASSAGES_AT_ONCE, passages).map((group) => [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    ...group.flatMap((passage) => [...READING, ...passage, '-i', path]),
    ...group.flatMap((_, index) => ['-map', String(index)]),
    // Otherwise frames that come faster than on average would be taken for frames at the same time.
    ...['-enc_time_base', `1/${CLOCK_RATE}`, '-f', 'null', '-'],
  ]);
}

function groupsOf<T>(size: number, all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}
