import type { Interpolation } from '../request/output.ts';
import { colourFilters, isHdr, matrixOf } from './colour-filters.ts';
import { uprightFilters } from './orientation.ts';
import { pictureGraph } from './picture-graph.ts';
import { largerPictures, type Picture } from './pictures.ts';
import { type Colour, uprightSize, type VideoSource } from './source.ts';
import type { TimeFilters } from './time-filters.ts';

/** https://ffmpeg.org/ffmpeg-scaler.html#sws_005fflags */
const SCALER_FLAGS: Readonly<Record<Interpolation, string>> = {
  nn: 'neighbor',
  linear: 'bilinear',
  cubic: 'bicubic',
  lanczos: 'lanczos',
};

/** From version 7 on a frame's tags count, not an encoder's. https://ffmpeg.org/ffmpeg-filters.html#setparams */
export const COLOUR_TAGS = 'setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709';

/**
 * Whether a source needs nothing but another size: it is upright, progressive, in square pixels and in BT.709's limited
 * range. All else takes filters that the GPU has not got.
 */
export function isPlain(source: VideoSource): boolean {
  const { orientation, interlaced, pixelAspect, colour } = source;
  const isConverted = isHdr(colour) || matrixOf(source) !== 'bt709' || colour.range === 'full';
  return orientation === 'upright' && !interlaced && pixelAspect === 1 && !isConverted;
}

/**
 * A filter graph in software that makes every output's picture from one decoded stream: progressive, upright, in square
 * pixels, 8-bit 4:2:0 BT.709 in limited range. Pictures are made from larger ones, where there are some: see `largerPictures`.
 */
export function softwareFilterGraph(
  source: VideoSource,
  pictures: readonly Picture[],
  times: TimeFilters,
): string {
  const shared = [
    ...times.count,
    // Does nothing, except where the size changes on the way, which other filters cannot stand.
    `scale=w=${source.width}:h=${source.height}`,
    ...(source.interlaced ? ['bwdif=mode=send_frame'] : []),
    // Behind what looks at neighbouring frames.
    ...times.choose,
    ...uprightFilters(source.orientation),
  ];
  const input = { stream: `[0:${source.index}]`, filters: shared };
  const larger = largerPictures(pictures, uprightSize(source));
  return pictureGraph(input, pictures, larger, (picture, from) => {
    const conversion =
      from === undefined
        ? [scaler(picture, source.colour.range), ...colourFilters(source)]
        : [scaler(picture, 'limited')];
    return [...conversion, 'setsar=1', COLOUR_TAGS];
  });
}

/**
 * Makes the size and the range. It is told that YUV is in BT.709 already, for its own conversion between matrices is slow
 * and loses one to four levels of brightness.
 */
function scaler({ size, interpolation }: Picture, range: Colour['range']): string {
  const options = [
    `w=${size.width}`,
    `h=${size.height}`,
    `flags=${SCALER_FLAGS[interpolation]}`,
    'in_color_matrix=bt709',
    'out_color_matrix=bt709',
    // Version 4.1 does not find it out for 10 bits.
    `in_range=${range === 'full' ? 'pc' : 'auto'}`,
    'out_range=tv',
  ];
  return `scale=${options.join(':')}`;
}
