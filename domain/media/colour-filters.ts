import type { Colour, VideoSource } from './source.ts';

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

/** Makes BT.709 in 8 bits. It comes behind the scaler, since these filters want even sizes. */
export function colourFilters(source: VideoSource): string[] {
  if (isHdr(source.colour)) return toneMapping(source.colour);
  const matrix = CONVERTED_MATRICES[matrixOf(source)];
  if (matrix === undefined) return ['format=yuv420p'];
  // Primaries and transfer of SD are so near to BT.709's that players do not tell them apart either.
  const from = `ispace=${matrix}:iprimaries=bt709:itrc=bt709:irange=tv`;
  return ['format=yuv420p', `colorspace=${from}:space=bt709:primaries=bt709:trc=bt709:range=tv`];
}

/** Players take untagged pictures up to SD's size for BT.601, and larger ones for BT.709; so does this. */
export function matrixOf({ pixelFormat, width, height, colour }: VideoSource): string {
  // Of which the scaler makes BT.709, whatever its tag says.
  if (/rgb|bgr|gbr|pal8/.test(pixelFormat)) return 'bt709';
  return colour.matrix ?? (width >= 1280 || height > 576 ? 'bt709' : 'smpte170m');
}

export function isHdr({ transfer }: Colour): boolean {
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
