import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { runFfprobe } from '../../support/clips/recipe.ts';

const execute = promisify(execFile);

const seconds = v.pipe(v.string(), v.transform(Number));

const timesSchema = v.object({ streams: v.tuple([v.object({ start_time: seconds, duration: seconds })]) });

/** Runs ffmpeg. @returns what it had to say, on standard error */
export async function ffmpegWords(level: 'warning' | 'verbose', args: readonly string[]): Promise<string> {
  const { ffmpeg, environment } = findFfmpeg(process.env);
  const options = { env: { ...process.env, ...environment }, maxBuffer: 256 * 1024 * 1024 };
  return (await execute(ffmpeg, ['-hide_banner', '-nostdin', '-v', level, ...args], options)).stderr;
}

/** What ffmpeg complains of when it decodes a whole file. The fine time base is for frames that come unevenly. */
export function complaintsOf(path: string): Promise<string> {
  return ffmpegWords('warning', ['-i', path, '-enc_time_base', '1/90000', '-f', 'null', '-']);
}

/** When a file's only stream starts and how long it lasts, in seconds, by its header. */
export async function headerTimes(path: string): Promise<{ start: number; duration: number }> {
  const args = ['-show_entries', 'stream=start_time,duration', '-of', 'json', path];
  const { streams } = v.parse(timesSchema, JSON.parse(await runFfprobe(findFfmpeg(process.env), args)));
  return { start: streams[0].start_time, duration: streams[0].duration };
}
