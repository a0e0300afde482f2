import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { FfmpegTools } from '../ffmpeg.ts';

const run = promisify(execFile);

export const CLIP_RATE = 24;

/** A moving test card of 1080p with a camera's grain, at the bit rate of a telephone. */
const PICTURE = `testsrc2=size=1920x1080:rate=${CLIP_RATE},noise=all_strength=4:all_flags=t`;

const SETTINGS = `-c:v libx264 -preset superfast -b:v 12M -maxrate 16M -bufsize 16M -g ${2 * CLIP_RATE} -pix_fmt yuv420p`;

/** What an input has beside its pictures, which tell the limited range and the colours of HD. */
const TAGS = '-color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709';

/** Makes a clip to measure with, H.264 in 1080p, unless it is there. It appears at the path when it is whole. */
export async function makeClip(tools: FfmpegTools, path: string, seconds: number): Promise<void> {
  if (existsSync(path)) return;
  const unfinished = `${path}.new`;
  const args = `-t ${seconds} ${SETTINGS} ${TAGS} -movflags +faststart -f mp4`.split(' ');
  try {
    await run(
      tools.ffmpeg,
      ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', PICTURE, ...args, unfinished],
      {
        env: { ...process.env, ...tools.environment },
      },
    );
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Makes a clip out of another one, so many times over, without encoding. */
export async function repeatClip(
  tools: FfmpegTools,
  from: string,
  path: string,
  times: number,
): Promise<void> {
  if (existsSync(path)) return;
  const unfinished = `${path}.new`;
  const args = `-map 0:v -c copy -movflags +faststart -f mp4`.split(' ');
  const repeat = ['-stream_loop', String(times - 1)];
  await run(tools.ffmpeg, ['-v', 'error', '-nostdin', '-y', ...repeat, '-i', from, ...args, unfinished], {
    env: { ...process.env, ...tools.environment },
  });
  await rename(unfinished, path);
}
