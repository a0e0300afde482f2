import type { Interpolation } from '../request/output.ts';
import { COLOUR_TAGS, type Picture, pictureLabel } from './filter-graph.ts';
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
  const copies = pictures.map((_, index) => `[copy${index}]`);
  const branches = pictures.map(({ size, interpolation }, index) => {
    const scaler = `scale_cuda=w=${size.width}:h=${size.height}:interp_algo=${ALGORITHMS[interpolation]}:format=yuv420p`;
    return `${copies[index]}${scaler},setsar=1,${COLOUR_TAGS}${pictureLabel(index)}`;
  });
  const shared = [...times.count, ...times.choose, `split=${pictures.length}`];
  return [`[0:${source.index}]${shared.join(',')}${copies.join('')}`, ...branches].join(';');
}
