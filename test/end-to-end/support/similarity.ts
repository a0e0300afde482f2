import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { runFfmpeg } from '../../support/clips/recipe.ts';

/**
 * How much each frame of a video looks like the same one of its source: the structural similarity of luma, 1 for the same
 * picture. Frames are matched by their number.
 */
export async function similarities(path: string, source: string): Promise<number[]> {
  const numbered = (input: number, label: string) => `[${input}:v:0]settb=1/25,setpts=N[${label}]`;
  const compare = '[made][original]ssim=stats_file=-';
  const graph = [numbered(0, 'made'), numbered(1, 'original'), compare].join(';');
  const frames = ['-fps_mode', 'passthrough', '-f', 'null', '-'];
  const lines = await runFfmpeg(findFfmpeg(process.env), [
    ...['-i', path, '-i', source, '-filter_complex', graph],
    ...frames,
  ]);
  return [...lines.matchAll(/^n:\d+ Y:([\d.]+)/gm)].map(([, value]) => Number(value));
}

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
