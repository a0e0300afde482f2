import type { clipPath } from '../support/clips/clip-path.ts';
import { flv, motionJpeg, vp8, yuv4mpeg } from './giants.ts';
import * as m from './mutations.ts';

type FileName = Parameters<typeof clipPath>[0];

/** A broken file: what is wrong with it, which clip it was, and how it is broken. */
export type BrokenFile = readonly [what: string, clip: FileName, breakIt: m.Mutation];

const SAMPLES = 'moov/trak/mdia/minf/stbl';
const MAX = 0xffffffff;

const cutShort: readonly BrokenFile[] = [
  ['an MP4 cut in its header', 'h264.mp4', m.cut(0.02)],
  ['an MP4 cut in its first picture', 'h264.mp4', m.cut(0.06)],
  ['an MP4 cut in the middle', 'h264.mp4', m.cut(0.5)],
  ['an MP4 cut near its end', 'h264.mp4', m.cut(0.97)],
  ['an MP4 without its last byte', 'h264.mp4', (file) => file.subarray(0, -1)],
  ['an MP4 without its first bytes', 'h264.mp4', m.beheaded(40)],
  ['an MP4 without its header', 'h264.mp4', m.retyped('moov', 'free')],
  ['an MKV cut in its header', 'start-offset.mkv', m.cut(0.01)],
  ['an MKV cut in a cluster', 'start-offset.mkv', m.cut(0.4)],
  ['a WebM cut in a cluster', 'vp9-square.webm', m.cut(0.33)],
  ['a transport stream cut in a packet', 'h264.ts', m.cut(0.4)],
  ['a transport stream that begins in a packet', 'h264.ts', m.beheaded(1000)],
];

const bitsFlipped: readonly BrokenFile[] = [
  ...[1, 2, 3, 4].map(
    (seed): BrokenFile => [`an MP4 with bits flipped (${seed})`, 'h264.mp4', m.flipped(seed, 40)],
  ),
  ...[5, 6].map(
    (seed): BrokenFile => [
      `an MP4 with bits of its pictures flipped (${seed})`,
      'edit-list.mp4',
      m.flipped(seed, 300, 0.1),
    ],
  ),
  ...[7, 8].map(
    (seed): BrokenFile => [`a WebM with bits flipped (${seed})`, 'vp9-square.webm', m.flipped(seed, 60)],
  ),
  ...[9, 10].map(
    (seed): BrokenFile => [`an MKV with bits flipped (${seed})`, 'start-offset.mkv', m.flipped(seed, 60)],
  ),
  ...[11, 12].map(
    (seed): BrokenFile => [`a transport stream with bits flipped (${seed})`, 'h264.ts', m.flipped(seed, 90)],
  ),
  ['an MP4 with zeros in its middle', 'h264.mp4', m.overwritten(0.3, 0.7, 0)],
  ['an MKV with ones in its middle', 'start-offset.mkv', m.overwritten(0.3, 0.7, 255)],
];

const boxes: readonly BrokenFile[] = [
  ['moov that goes to the end of the file', 'h264.mp4', m.sized('moov', 0)],
  ['moov with a size in 64 bits that is not there', 'h264.mp4', m.sized('moov', 1)],
  ['moov that is shorter than its own header', 'h264.mp4', m.sized('moov', 7)],
  ['moov that is larger than the file', 'h264.mp4', m.sized('moov', 0x7fffffff)],
  ['mdat with a size in 64 bits that is not there', 'h264.mp4', m.sized('mdat', 1)],
  ['mdat that is larger than the file', 'h264.mp4', m.sized('mdat', MAX)],
  ['trak without a size', 'h264.mp4', m.sized('moov/trak', 0)],
  ['trak that is larger than the file', 'h264.mp4', m.sized('moov/trak', MAX)],
  ['stbl that is larger than the file', 'h264.mp4', m.sized(SAMPLES, 0x7ffffff0)],
  ['stsz without a size', 'h264.mp4', m.sized(`${SAMPLES}/stsz`, 0)],
  ['boxes in boxes, 100,000 deep', 'h264.mp4', m.nested('moov', 100_000)],
  ['tracks in tracks, 9 deep', 'h264.mp4', m.nested('trak', 9)],
  ['10,000 tracks', 'h264.mp4', m.withTracks(10_000)],
  ['300 tracks', 'h264.mp4', m.withTracks(300)],
  ['no track', 'h264.mp4', m.withMovie(() => m.box('moov'))],
];

const times: readonly BrokenFile[] = [
  ['no time scale of the movie', 'h264.mp4', m.written('moov/mvhd', 12, 0)],
  ['an endless movie', 'h264.mp4', m.written('moov/mvhd', 16, MAX)],
  ['an endless track', 'h264.mp4', m.written('moov/trak/tkhd', 20, MAX)],
  ['no time scale of the track', 'h264.mp4', m.written('moov/trak/mdia/mdhd', 12, 0)],
  ['a time scale of one tick a second', 'h264.mp4', m.written('moov/trak/mdia/mdhd', 12, 1)],
  ['a negative time scale', 'h264.mp4', m.written('moov/trak/mdia/mdhd', 12, MAX)],
  ['no duration of the track', 'edit-list.mp4', m.written('moov/trak/mdia/mdhd', 16, 0)],
  ['a duration that overflows', 'edit-list.mp4', m.written('moov/trak/mdia/mdhd', 16, 0x7fffffff)],
  ['an edit from before the beginning', 'edit-list.mp4', m.written('moov/trak/edts/elst', 12, -1000)],
  ['an edit of nothing', 'edit-list.mp4', m.written('moov/trak/edts/elst', 12, -1)],
  ['an edit from behind the end', 'edit-list.mp4', m.written('moov/trak/edts/elst', 12, 0x7fffffff)],
  ['an endless edit', 'edit-list.mp4', m.written('moov/trak/edts/elst', 8, MAX)],
  ['an edit at a rate of nothing', 'edit-list.mp4', m.written('moov/trak/edts/elst', 16, 0)],
  ['more edits than there are', 'edit-list.mp4', m.written('moov/trak/edts/elst', 4, MAX)],
  ['pictures that take no time', 'h264.mp4', m.written(`${SAMPLES}/stts`, 12, 0)],
  ['pictures that take less than no time', 'h264.mp4', m.written(`${SAMPLES}/stts`, 12, -512)],
  ['pictures that take ages', 'h264.mp4', m.written(`${SAMPLES}/stts`, 12, 0x7fffffff)],
  ['more pictures than the file has', 'h264.mp4', m.written(`${SAMPLES}/stts`, 8, MAX)],
  ['more times than the file has', 'h264.mp4', m.written(`${SAMPLES}/stts`, 4, MAX)],
  ['an offset from long before', 'h264.mp4', m.written(`${SAMPLES}/ctts`, 12, 0x80000000)],
  ['an offset until long after', 'h264.mp4', m.written(`${SAMPLES}/ctts`, 20, 0x7fffffff)],
];

const samples: readonly BrokenFile[] = [
  ['chunks that begin with none', 'h264.mp4', m.written(`${SAMPLES}/stsc`, 8, 0)],
  ['chunks of endless pictures', 'h264.mp4', m.written(`${SAMPLES}/stsc`, 12, MAX)],
  ['pictures that all have 4 GB', 'h264.mp4', m.written(`${SAMPLES}/stsz`, 4, MAX)],
  ['4 billion sizes', 'h264.mp4', m.written(`${SAMPLES}/stsz`, 8, MAX)],
  ['a first picture of 2 GB', 'h264.mp4', m.written(`${SAMPLES}/stsz`, 12, 0x7fffffff)],
  ['4 billion places', 'h264.mp4', m.written(`${SAMPLES}/stco`, 4, MAX)],
  ['a picture behind the end', 'h264.mp4', m.written(`${SAMPLES}/stco`, 8, MAX)],
  ['a picture in the header', 'h264.mp4', m.written(`${SAMPLES}/stco`, 8, 0)],
  ['4 billion keyframes', 'h264.mp4', m.written(`${SAMPLES}/stss`, 4, MAX)],
  ['no description', 'h264.mp4', m.written(`${SAMPLES}/stsd`, 4, 0)],
  ['4 billion descriptions', 'h264.mp4', m.written(`${SAMPLES}/stsd`, 4, MAX)],
];

const descriptions: readonly BrokenFile[] = [
  ...['hvc1', 'mp4v', 'vp09', 'av01', 'png ', 'tmcd', 'xxxx', '\0\0\0\0'].map((codec): BrokenFile => {
    const word = Buffer.from(codec, 'latin1').readUInt32BE();
    return [`H.264 that is called ${JSON.stringify(codec)}`, 'h264.mp4', m.described(4, word)];
  }),
  ['HEVC that is called H.264', 'hevc.mp4', m.renamed('hvc1', 'avc1')],
  ['VP9 that is called VP8', 'vp9-square.webm', m.renamed('V_VP9', 'V_VP8')],
  [
    'H.264 that is called HEVC in Matroska',
    'start-offset.mkv',
    m.renamed('V_MPEG4/ISO/AVC', 'V_MPEGH/ISO/HEV'),
  ],
  ['a description of 65535x65535', 'h264.mp4', m.described(32, MAX)],
  ['a description of 0x0', 'h264.mp4', m.described(32, 0)],
  ['parameters that are cut', 'h264.mp4', m.renamed('avcC\x01', 'avcC\0')],
  [
    'parameters of another profile',
    'h264.mp4',
    (file) => file.fill(0xff, file.indexOf('avcC') + 12, file.indexOf('avcC') + 18),
  ],
  [
    'pixels that have no height',
    'anamorphic.mp4',
    m.both((file) => file.fill(0, file.indexOf('pasp') + 8, file.indexOf('pasp') + 12)),
  ],
  [
    'pixels as wide as 4 billion',
    'anamorphic.mp4',
    (file) => file.fill(0xff, file.indexOf('pasp') + 4, file.indexOf('pasp') + 8),
  ],
  [
    'a matrix of zeros',
    'rotated-phone.mp4',
    (file) => file.fill(0, file.indexOf('tkhd') + 44, file.indexOf('tkhd') + 80),
  ],
  [
    'a matrix that shears',
    'rotated-phone.mp4',
    (file) => file.fill(0x7f, file.indexOf('tkhd') + 44, file.indexOf('tkhd') + 80),
  ],
  ['a picture that is called sound', 'edit-list.mp4', m.renamed('vide', 'soun')],
];

const matroska: readonly BrokenFile[] = [
  ['a segment of unknown size', 'start-offset.mkv', m.element('18538067', '01ffffffffffffff')],
  ['a cluster of unknown size', 'start-offset.mkv', m.element('1f43b675', '3fffff')],
  ['a cluster that is larger than the file', 'start-offset.mkv', m.element('1f43b675', '3ffffe')],
  ['tracks that are larger than the file', 'start-offset.mkv', m.element('1654ae6b', '7ffe')],
  ['a duration that is no number', 'start-offset.mkv', m.element('448988', '7ff8000000000000')],
  ['an infinite duration', 'start-offset.mkv', m.element('448988', '7ff0000000000000')],
  ['a negative duration', 'start-offset.mkv', m.element('448988', 'c0bb580000000000')],
  ['a time scale of nothing', 'start-offset.mkv', m.element('2ad7b183', '000000')],
  ['a time scale of 17 ms', 'vp9-square.webm', m.element('2ad7b183', 'ffffff')],
  ['a width of 65535', 'start-offset.mkv', m.element('b082', 'ffff')],
  ['pictures that last no time', 'start-offset.mkv', m.element('23e383', '000000')],
  ['a cluster in the far future', 'start-offset.mkv', m.element('e782', 'ffff')],
];

const isPicture = (packet: Buffer) => m.streamOf(packet) === 0x100;

const transport: readonly BrokenFile[] = [
  ['scrambled packets', 'h264.ts', m.packets((packet) => packet.fill(packet.readUInt8(3) | 0xc0, 3, 4))],
  [
    'every second packet scrambled',
    'h264.ts',
    m.packets((packet, index) =>
      index % 2 && isPicture(packet) ? packet.fill(packet.readUInt8(3) | 0x80, 3, 4) : packet,
    ),
  ],
  ['no table of programs', 'h264.ts', m.packets((packet) => (m.streamOf(packet) === 0 ? undefined : packet))],
  ['no pictures', 'h264.ts', m.packets((packet) => (isPicture(packet) ? undefined : packet))],
  [
    'every tenth packet lost',
    'h264.ts',
    m.packets((packet, index) => (index % 10 === 9 ? undefined : packet)),
  ],
  ['packets of 187 bytes', 'h264.ts', m.packets((packet) => packet.subarray(0, 187))],
  [
    'packets that do not begin as such',
    'h264.ts',
    m.packets((packet, index) => (index % 3 ? packet.fill(0, 0, 1) : packet)),
  ],
  [
    'its packets in the wrong order',
    'h264.ts',
    (file) => {
      const half = 188 * Math.floor(file.length / 376);
      return Buffer.concat([file.subarray(half), file.subarray(0, half)]);
    },
  ],
  ['a second stream behind the first', 'h264.ts', (file) => Buffer.concat([file, file.subarray(188 * 20)])],
  ['errors in all packets', 'h264.ts', m.packets((packet) => packet.fill(packet.readUInt8(1) | 0x80, 1, 2))],
];

const made =
  (file: Buffer): m.Mutation =>
  () =>
    file;

const giants: readonly BrokenFile[] = [
  ['VP8 of 16383x16383', 'h264.mp4', made(vp8(16_383, 16_383))],
  ['Motion JPEG of 65535x65535', 'h264.mp4', made(motionJpeg(65_535, 65_535))],
  ['Motion JPEG of 16000x16000', 'h264.mp4', made(motionJpeg(16_000, 16_000))],
  ['Motion JPEG of 500 streams', 'h264.mp4', made(motionJpeg(64, 64, 500))],
  ['Flash video of 65535x65535', 'h264.mp4', made(flv(65_535, 65_535))],
  ['uncompressed video of 65535x65535', 'h264.mp4', made(yuv4mpeg(65_535, 65_535))],
  ['uncompressed video of 16000x16000', 'h264.mp4', made(yuv4mpeg(16_000, 16_000))],
  ['uncompressed video of 2000000000x1', 'h264.mp4', made(yuv4mpeg(2_000_000_000, 1))],
];

/** Files that a stranger may send, by accident or on purpose. */
export const BROKEN_FILES: readonly BrokenFile[] = [
  ...cutShort,
  ...bitsFlipped,
  ...boxes,
  ...times,
  ...samples,
  ...descriptions,
  ...matroska,
  ...transport,
  ...giants,
];
