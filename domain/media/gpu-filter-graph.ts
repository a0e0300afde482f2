import type { Interpolation } from '../request/output.ts';
import { COLOUR_TAGS } from './filter-graph.ts';
import { pictureGraph } from './picture-graph.ts';
import type { Picture } from './pictures.ts';
import type { VideoSource } from './source.ts';
import type { TimeFilters } from './time-filters.ts';

/** https://ffmpeg.org/ffmpeg-filters.html#scale_005fcuda-1 */
const ALGORITHMS: Readonly<Record<Interpolation, string>> = {
  nn: 'nearest',
  linear: 'bilinear',
  cubic: 'bicubic',
  lanczos: 'lanczos',
};

/**
 * A filter graph on the GPU, for a source that needs nothing but another size: see `isPlain`.
 */
export function gpuFilterGraph(
  source: VideoSource,
  pictures: readonly Picture[],
  times: TimeFilters,
): string {
  const input = { stream: `[0:${source.index}]`, filters: [...times.count, ...times.choose] };
  return pictureGraph(input, pictures, [], ({ size, interpolation }) => [
    `scale_cuda=w=${size.width}:h=${size.height}:interp_algo=${ALGORITHMS[interpolation]}:format=yuv420p`,
    'setsar=1',
    COLOUR_TAGS,
  ]);
}
