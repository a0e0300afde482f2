import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { FfmpegTools } from './ffmpeg.ts';

const run = promisify(execFile);

export interface SampleClipOptions {
  /** Length of the clip. */
  readonly seconds: number;
}

/** Slow waves of light, computed small because they are smooth, with a film's grain, which keeps encoders busy. */
const waves = [
  'nullsrc=size=160x90:rate=30',
  `geq=lum='120+45*sin(X/13+T)*cos(Y/17-0.8*T)+45*sin((X+2*Y)/29-1.3*T)':cb='128+80*sin(Y/21+0.7*T)':cr='128+80*sin(X/27-0.9*T)'`,
  'scale=1280x720:flags=bicubic',
  'noise=all_strength=6:all_flags=t',
].join(',');

/** A test card with a clock, which drifts over the waves. */
const card = 'testsrc2=size=426x240:rate=30';

const drift = `overlay=x='(W-w)*(0.5+0.4*sin(0.9*t))':y='(H-h)*(0.5+0.4*cos(0.7*t))'`;

const picture = `${waves}[waves];${card}[card];[waves][card]${drift}`;

const sound = 'sine=frequency=220:beep_factor=4:sample_rate=48000';

const video = '-c:v libx264 -preset superfast -crf 20 -maxrate 8M -bufsize 8M -g 60 -pix_fmt yuv420p';

const audio = '-c:a aac -b:a 96k -ac 2';

/**
 * Makes the demo's input: 1280x720 at 30 frames/s, H.264 with AAC, in an MP4 that can be played while it loads. It takes
 * about a third of its length on two cores. The file appears at `path` when it is whole.
 *
 * @throws Error with what ffmpeg printed
 */
export async function makeSampleClip(
  { ffmpeg, environment }: FfmpegTools,
  path: string,
  { seconds }: SampleClipOptions,
): Promise<void> {
  const unfinished = `${path}.new`;
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound];
  const settings = `-t ${seconds} ${video} ${audio} -movflags +faststart -f mp4`.split(' ');
  try {
    await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...inputs, ...settings, unfinished], {
      env: { ...process.env, ...environment },
    });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}
