import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { FfmpegTools } from '../../../local/ffmpeg.ts';
import type { StreamFacts } from './media-facts.ts';

const execute = promisify(execFile);

/** Writes a file, whose container is told by the extension of its path. */
export type MakeClip = (path: string, tools: FfmpegTools) => Promise<void>;

export type CornerColour = 'red' | 'lime' | 'blue' | 'yellow' | 'other';

export type Corners = readonly [
  topLeft: CornerColour,
  topRight: CornerColour,
  bottomLeft: CornerColour,
  bottomRight: CornerColour,
];

/** What everybody who reads a clip must find in it. */
export interface ClipFacts {
  readonly storedWidth: number;
  readonly storedHeight: number;
  /** Upright and with square pixels, before it is rounded to an even number. */
  readonly displayWidth: number;
  readonly displayHeight: number;
  /** How many are shown: an edit list leaves some out. */
  readonly frames: number;
  /** From the first frame to the end of the last, in seconds. */
  readonly duration: number;
  /** Of the first frame, in seconds. @default 0 */
  readonly start?: number;
  /** Counted from the first frame, in seconds. @default as many as there are, evenly over the duration */
  readonly frameTimes?: readonly number[];
  /** Of the upright picture. @default none that are known */
  readonly corners?: Corners;
}

export interface Clip {
  readonly make: MakeClip;
  readonly facts: ClipFacts;
  /** What the clip is there for, as `streamFacts` tells it. */
  readonly traits: Partial<StreamFacts>;
  /** An encoder that some builds of ffmpeg lack. */
  readonly needs?: string;
}

/** @returns what ffmpeg printed on standard output */
export async function runFfmpeg(tools: FfmpegTools, args: readonly string[]): Promise<string> {
  return run(tools, tools.ffmpeg, ['-nostdin', ...args]);
}

/** @returns what ffprobe printed on standard output */
export async function runFfprobe(tools: FfmpegTools, args: readonly string[]): Promise<string> {
  return run(tools, tools.ffprobe, args);
}

/** @returns the bytes that ffmpeg wrote to standard output */
export async function runFfmpegForBytes(tools: FfmpegTools, args: readonly string[]): Promise<Buffer> {
  const options = { ...optionsFor(tools), encoding: 'buffer' as const };
  return (await execute(tools.ffmpeg, ['-nostdin', '-v', 'error', ...args], options)).stdout;
}

async function run(tools: FfmpegTools, program: string, args: readonly string[]): Promise<string> {
  return (await execute(program, ['-v', 'error', ...args], optionsFor(tools))).stdout;
}

function optionsFor(tools: FfmpegTools) {
  return { env: { ...process.env, ...tools.environment }, maxBuffer: 64 * 1024 * 1024 };
}

/**
 * Encodes what the sources, filter graphs of libavfilter, show and play.
 *
 * @param options of the output, with spaces in between
 */
export function encoded(sources: readonly string[], options: string): MakeClip {
  const inputs = sources.flatMap((source) => ['-f', 'lavfi', '-i', source]);
  return async (path, tools) => {
    await runFfmpeg(tools, ['-y', ...inputs, ...words(options), path]);
  };
}

/**
 * Copies the streams of another clip as they are.
 *
 * @param extension of the other clip
 * @param options of the copy; `INPUT` stands for the other clip's path
 */
export function copied(make: MakeClip, extension: string, options: string): MakeClip {
  return async (path, tools) => {
    const original = `${path}.original.${extension}`;
    await make(original, tools);
    const args = words(options).map((option) => (option === 'INPUT' ? original : option));
    await runFfmpeg(tools, ['-y', ...args, '-c', 'copy', path]);
    await rm(original);
  };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** Changes a clip's bytes once it is made. */
export function edited(make: MakeClip, edit: (file: Buffer) => Buffer): MakeClip {
  return async (path, tools) => {
    await make(path, tools);
    await writeFile(path, edit(await readFile(path)));
  };
}
