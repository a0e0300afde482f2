import type { Interpolation } from '../request/output.ts';
import { uprightFilters } from './orientation.ts';
import type { Colour, Size, VideoSource } from './source.ts';

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

/** ffprobe's names of matrices in the words of the scale filter: https://ffmpeg.org/ffmpeg-filters.html#scale-1 */
const SCALER_MATRICES: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
  fcc: 'fcc',
  smpte240m: 'smpte240m',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
  gbr: 'auto',
};

const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67']);

/** The label of an output's picture in the graph. */
export function pictureLabel(output: number): string {
  return `[picture${output}]`;
}

/**
 * A filter graph in software that makes every output's picture from one decoded stream: progressive, upright, in square
 * pixels, 8-bit 4:2:0 BT.709 in limited range, from time 0 on.
 */
export function softwareFilterGraph(source: VideoSource, pictures: readonly Picture[]): string {
  const copies = pictures.map((_, index) => `[copy${index}]`);
  const shared = [
    'setpts=PTS-STARTPTS',
    ...(source.interlaced ? ['bwdif=mode=send_frame'] : []),
    ...uprightFilters(source.orientation),
    // Newer versions would hand it on to the output, and players would turn the picture once more.
    'sidedata=mode=delete:type=DISPLAYMATRIX',
    ...(isHdr(source.colour) ? toneMapping(source.colour) : []),
    `split=${pictures.length}`,
  ];
  const matrix = isHdr(source.colour) ? 'bt709' : scalerMatrix(source);
  const branches = pictures.map(
    (picture, index) => `${copies[index]}${pictureFilters(picture, matrix)}${pictureLabel(index)}`,
  );
  return [`[0:${source.index}]${shared.join(',')}${copies.join('')}`, ...branches].join(';');
}

function pictureFilters({ size, interpolation }: Picture, matrix: string): string {
  const scale = [
    `w=${size.width}`,
    `h=${size.height}`,
    `flags=${SCALER_FLAGS[interpolation]}`,
    `in_color_matrix=${matrix}`,
    'out_color_matrix=bt709',
    'in_range=auto',
    'out_range=tv',
  ];
  return `scale=${scale.join(':')},setsar=1,format=yuv420p`;
}

/** Players take untagged pictures up to SD's size for BT.601, and larger ones for BT.709; so does this. */
function scalerMatrix({ colour, width, height }: VideoSource): string {
  const tagged = colour.matrix === undefined ? undefined : SCALER_MATRICES[colour.matrix];
  return tagged ?? (width >= 1280 || height > 576 ? 'bt709' : 'bt601');
}

function isHdr({ transfer }: Colour): boolean {
  return transfer !== undefined && HDR_TRANSFERS.has(transfer);
}

/** HDR to SDR: to linear light at a nominal peak of 100 cd/m², to BT.709's primaries, the highlights rolled off. */
function toneMapping({ transfer, primaries, matrix }: Colour): string[] {
  const from = `tin=${transfer}:pin=${primaries ?? 'bt2020'}:min=${matrix ?? 'bt2020nc'}`;
  return [
    `zscale=${from}:t=linear:npl=100`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
    'format=yuv420p',
  ];
}
