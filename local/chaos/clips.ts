import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FfmpegTools } from '../ffmpeg.ts';

const run = promisify(execFile);

/** The files that jobs take in. */
export interface Clips {
  readonly whole: Buffer;
  /** Its header promises pictures that are not there. */
  readonly truncated: Buffer;
}

/** Makes a clip of half a second. Its header comes first, so that half of the file looks whole to who reads the beginning. */
export async function makeClips({ ffmpeg, environment }: FfmpegTools, folder: string): Promise<Clips> {
  const path = join(folder, 'clip.mp4');
  const source = 'testsrc2=size=64x36:rate=20:duration=0.5';
  const video = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -movflags +faststart -f mp4';
  await run(
    ffmpeg,
    ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', source, ...video.split(' '), path],
    {
      env: { ...process.env, ...environment },
    },
  );
  const whole = await readFile(path);
  return { whole, truncated: whole.subarray(0, Math.floor(whole.length * 0.6)) };
}
