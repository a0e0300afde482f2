import type { FfmpegTools } from '../ffmpeg.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

/** SSIM of a file against the clip that it was made of, in the same size. @throws Error where ffmpeg tells none */
export async function similarityTo(clip: string, path: string, tools: FfmpegTools): Promise<number> {
  const graph = '[0:v]setpts=PTS-STARTPTS[a];[1:v]setpts=PTS-STARTPTS[b];[a][b]ssim';
  const args = ['-hide_banner', '-nostdin', '-i', path, '-i', clip, '-lavfi', graph, '-f', 'null', '-'];
  const { stderr } = await runFfmpeg(tools, args);
  const [, all] = /SSIM .*All:([\d.]+)/.exec(stderr) ?? [];
  if (all === undefined) throw new Error(`ffmpeg tells no SSIM of ${path}.`);
  return Number(all);
}
