import type { Interpolation } from '../request/output.ts';
import { uprightFilters } from './orientation.ts';
import type { Colour, Size, VideoSource } from './source.ts';
import type { TimeFilters } from './time-filters.ts';

/** The picture that one output wants. */
export interface Picture {
  readonly size: Size;
  readonly interpolation: Interpolation;
}

/** https://ffmpeg.org/ffmpeg-scaler.html#sws_005fflags */
const SCALER_FLAGS: Readonly<Record<Interpolation, string>> = {
  nn: 'neighbor',
  linear: 'bilinear',
  cubic: 'bicubic',
  lanczos: 'lanczos',
};

/**
 * Matrices that the colorspace filter converts from, by ffprobe's names, in its own where they differ:
 * https://ffmpeg.org/ffmpeg-filters.html#colorspace
 */
const CONVERTED_MATRICES: Readonly<Record<string, string>> = {
  smpte170m: 'smpte170m',
  bt470bg: 'bt470bg',
  fcc: 'fcc',
  smpte240m: 'smpte240m',
  bt2020nc: 'bt2020nc',
  bt2020c: 'bt2020nc',
};

const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67']);

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

/** The label of an output's picture in the graph. */
export function pictureLabel(output: number): string {
  return `[picture${output}]`;
}

/**
 * A filter graph in software that makes every output's picture from one decoded stream: progressive, upright, in square
 * pixels, 8-bit 4:2:0 BT.709 in limited range.
 */
export function softwareFilterGraph(
  source: VideoSource,
  pictures: readonly Picture[],
  times: TimeFilters,
): string {
  const copies = pictures.map((_, index) => `[copy${index}]`);
  const shared = [
    ...times.count,
    // Does nothing, except where the size changes on the way, which other filters cannot stand.
    `scale=w=${source.width}:h=${source.height}`,
    ...(source.interlaced ? ['bwdif=mode=send_frame'] : []),
    // Behind what looks at neighbouring frames.
    ...times.choose,
    ...uprightFilters(source.orientation),
    `split=${pictures.length}`,
  ];
  const branches = pictures.map((picture, index) => {
    const filters = [scaler(picture, source.colour), ...colourFilters(source), 'setsar=1', COLOUR_TAGS];
    return `${copies[index]}${filters.join(',')}${pictureLabel(index)}`;
  });
  return [`[0:${source.index}]${shared.join(',')}${copies.join('')}`, ...branches].join(';');
}

/**
 * Makes the size and the range. It is told that YUV is in BT.709 already, for its own conversion between matrices is slow
 * and loses one to four levels of brightness.
 */
function scaler({ size, interpolation }: Picture, { range }: Colour): string {
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

/** Makes BT.709 in 8 bits. It comes behind the scaler, since these filters want even sizes. */
function colourFilters(source: VideoSource): string[] {
  if (isHdr(source.colour)) return toneMapping(source.colour);
  const matrix = CONVERTED_MATRICES[matrixOf(source)];
  if (matrix === undefined) return ['format=yuv420p'];
  // Primaries and transfer of SD are so near to BT.709's that players do not tell them apart either.
  const from = `ispace=${matrix}:iprimaries=bt709:itrc=bt709:irange=tv`;
  return ['format=yuv420p', `colorspace=${from}:space=bt709:primaries=bt709:trc=bt709:range=tv`];
}

/** Players take untagged pictures up to SD's size for BT.601, and larger ones for BT.709; so does this. */
function matrixOf({ pixelFormat, width, height, colour }: VideoSource): string {
  // Of which the scaler makes BT.709, whatever its tag says.
  if (/rgb|bgr|gbr|pal8/.test(pixelFormat)) return 'bt709';
  return colour.matrix ?? (width >= 1280 || height > 576 ? 'bt709' : 'smpte170m');
}

function isHdr({ transfer }: Colour): boolean {
  return transfer !== undefined && HDR_TRANSFERS.has(transfer);
}

/**
 * HDR to SDR: in linear light, where HDR's white is SDR's (203 cd/m², ITU-R BT.2408), greys and skin stay as they are and
 * the highlights are rolled off. What lies outside of BT.709's gamut is cut off, by samples that cannot be negative.
 */
function toneMapping({ transfer, primaries, matrix }: Colour): string[] {
  const from = `tin=${transfer}:pin=${primaries ?? 'bt2020'}:min=${matrix ?? 'bt2020nc'}:rin=tv`;
  return [
    'format=yuv420p10le',
    `zscale=${from}:t=linear:npl=203`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=mobius:desat=0',
    'zscale=t=bt709:m=gbr:r=pc',
    'format=gbrp10le',
    'zscale=m=bt709:r=tv',
    'format=yuv420p',
    // Newer versions would hand HDR's metadata on to the output, of which version 4.1 knows not all by name.
    'sidedata=mode=delete',
  ];
}
