import { type Clip, encoded } from './recipe.ts';
import { aac, faststart, h264, hevc, picture, tone, usual } from './sources.ts';

interface ColourTags {
  readonly primaries: string;
  readonly transfer: string;
  readonly space: string;
}

/** Both a frame's and an encoder's tags: which of them counts depends on the version of ffmpeg. */
function tagged(source: string, encoder: string, { primaries, transfer, space }: ColourTags) {
  const frames = `setparams=color_primaries=${primaries}:color_trc=${transfer}:colorspace=${space}`;
  const output = `-color_primaries ${primaries} -color_trc ${transfer} -colorspace ${space}`;
  return encoded([`${source},${frames}`], `${encoder} ${output} ${faststart}`);
}

const tenBitHevc = `${hevc} -pix_fmt yuv420p10le`;

/** Lights the test card as films are lit, for full white is 10,000 cd/m² in PQ. */
const dimmed = `${picture()},format=yuv420p10le,lutyuv=y=64+(val-64)*0.6`;

const hd = { ...usual, storedWidth: 1280, storedHeight: 720, displayWidth: 1280, displayHeight: 720 };

/** Ranges, matrices, depths and samplings. */
export const colourClips = {
  'h264.mp4': {
    make: encoded([picture(), tone()], `${h264} ${aac} ${faststart}`),
    facts: usual,
    traits: {
      codec: 'h264',
      profile: 'High',
      pixFmt: 'yuv420p',
      colourSpace: 'unknown',
      otherStreams: ['aac'],
    },
  },
  'full-range.mp4': {
    make: encoded([picture(), tone()], `${h264} -pix_fmt yuvj420p -color_range pc ${aac} ${faststart}`),
    facts: usual,
    traits: { codec: 'h264', colourRange: 'pc' },
  },
  'hevc.mp4': {
    make: encoded([picture(), tone()], `${hevc} -pix_fmt yuv420p ${aac} ${faststart}`),
    needs: 'libx265',
    facts: usual,
    traits: { codec: 'hevc', profile: 'Main' },
  },
  'bt601.mp4': {
    make: tagged(picture(), h264, { primaries: 'smpte170m', transfer: 'smpte170m', space: 'smpte170m' }),
    facts: usual,
    traits: { colourSpace: 'smpte170m', colourTransfer: 'smpte170m', colourPrimaries: 'smpte170m' },
  },
  'bt709.mp4': {
    make: tagged(picture(), h264, { primaries: 'bt709', transfer: 'bt709', space: 'bt709' }),
    facts: usual,
    traits: { colourSpace: 'bt709', colourTransfer: 'bt709', colourPrimaries: 'bt709' },
  },
  'untagged-hd.mp4': {
    make: encoded([picture({ size: '1280x720', rate: '10' })], `${h264} ${faststart}`),
    facts: { ...hd, frames: 20 },
    traits: { colourSpace: 'unknown', colourRange: 'unknown' },
  },
  'hdr-pq.mp4': {
    make: tagged(dimmed, tenBitHevc, { primaries: 'bt2020', transfer: 'smpte2084', space: 'bt2020nc' }),
    needs: 'libx265',
    facts: usual,
    traits: {
      pixFmt: 'yuv420p10le',
      colourTransfer: 'smpte2084',
      colourPrimaries: 'bt2020',
      colourSpace: 'bt2020nc',
    },
  },
  'hdr-hlg.mp4': {
    make: tagged(picture(), tenBitHevc, { primaries: 'bt2020', transfer: 'arib-std-b67', space: 'bt2020nc' }),
    needs: 'libx265',
    facts: usual,
    traits: { pixFmt: 'yuv420p10le', colourTransfer: 'arib-std-b67' },
  },
  /** With a time code track, as cameras write it. */
  '10-bit-422.mp4': {
    make: encoded(
      [picture(), tone()],
      `${h264} -pix_fmt yuv422p10le -timecode 01:00:00:00 ${aac} ${faststart}`,
    ),
    facts: usual,
    traits: { profile: 'High 4:2:2', pixFmt: 'yuv422p10le', otherStreams: ['aac', 'unknown'] },
  },
} satisfies Record<string, Clip>;
