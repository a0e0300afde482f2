import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FfmpegTools } from '../ffmpeg.ts';
import { startClock, type Turn } from './turn.ts';

const MOST_OUTPUT = 16 * 1024 * 1024;

/**
 * Runs ffmpeg to its end.
 *
 * @param turn in which alone it runs. @default it runs at once
 * @returns what it printed, and the seconds that it took, of the turn if there is one
 */
export async function runFfmpeg(
  { ffmpeg, environment }: FfmpegTools,
  args: readonly string[],
  turn?: Turn,
): Promise<{ stdout: string; stderr: string; seconds: number }> {
  const seconds = startClock(turn);
  const running = promisify(execFile)(ffmpeg, [...args], {
    env: { ...process.env, ...environment },
    maxBuffer: MOST_OUTPUT,
  });
  // Whoever ends this program does not want to have it left.
  const kill = () => running.child.kill('SIGKILL');
  process.once('exit', kill);
  const { pid } = running.child;
  if (pid !== undefined) turn?.add(pid);
  const { stdout, stderr } = await running.finally(() => {
    process.off('exit', kill);
    if (pid !== undefined) turn?.remove(pid);
  });
  return { stdout, stderr, seconds: seconds() };
}
