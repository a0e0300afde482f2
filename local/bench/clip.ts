import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FfmpegTools } from '../ffmpeg.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

export const CLIP_RATE = 24;
export const CLIP_SIZE = { width: 1920, height: 1080 };

/** Of the 17 to 50 Mbit/s at which telephones and cameras record 1080p. */
const MBITS = 20;

/** A moving test card with a camera's grain. */
const PICTURE = `testsrc2=size=${CLIP_SIZE.width}x${CLIP_SIZE.height}:rate=${CLIP_RATE},noise=all_strength=4:all_flags=t`;

const SETTINGS = `-c:v libx264 -preset superfast -b:v ${MBITS}M -maxrate ${1.3 * MBITS}M -bufsize ${1.3 * MBITS}M -g ${2 * CLIP_RATE} -pix_fmt yuv420p`;

/** What an input has beside its pictures, which tell the limited range and the colours of HD. */
const TAGS = '-color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709';

/**
 * Makes a clip to measure with, H.264 in 1080p, unless the folder has it.
 *
 * @returns its path
 */
export async function makeClip(tools: FfmpegTools, folder: string, seconds: number): Promise<string> {
  const path = join(folder, `clip-${seconds}s-${MBITS}M.mp4`);
  return made(tools, path, ['-f', 'lavfi', '-i', PICTURE, ...`-t ${seconds} ${SETTINGS} ${TAGS}`.split(' ')]);
}

/**
 * Makes a clip out of another one, so many times over, without encoding, unless it lies beside it.
 *
 * @returns its path
 */
export async function repeatClip(tools: FfmpegTools, from: string, times: number): Promise<string> {
  const path = from.replace(/(\.\w+)$/, `-${times}$1`);
  return made(tools, path, ['-stream_loop', String(times - 1), '-i', from, '-map', '0:v', '-c', 'copy']);
}

/** A file that appears at its path when it is whole. @returns its path */
async function made(tools: FfmpegTools, path: string, args: readonly string[]): Promise<string> {
  if (existsSync(path)) return path;
  const unfinished = `${path}.new`;
  const file = ['-movflags', '+faststart', '-f', 'mp4', unfinished];
  try {
    await runFfmpeg(tools, ['-v', 'error', '-nostdin', '-y', ...args, ...file]);
    await rename(unfinished, path);
    return path;
  } finally {
    await rm(unfinished, { force: true });
  }
}
