import { sizeOfLastSample, withSkippedStart } from './mp4-boxes.ts';
import { type Clip, copied, edited, encoded } from './recipe.ts';
import { aac, faststart, h264, hevc, picture, tone, usual } from './sources.ts';

const plain = encoded([picture(), tone()], `${h264} ${aac} ${faststart}`);

const silent = (options: string) => encoded([picture()], `${h264} ${options} ${faststart}`);

/** Milliseconds of the nth frame: gaps of 21 to 210 ms. */
const irregularTime = (n: number) => 40 * n + 3 * n * n + 17 * (n % 3);

const irregularTimes = Array.from({ length: 24 }, (_, n) => irregularTime(n) / 1000);

/** Matroska, unlike some versions' MP4, takes frames as they come. Copies between the two keep the times. */
const irregular = encoded(
  [`${picture({ size: '302x138' })},settb=1/1000,setpts=40*N+3*N*N+17*mod(N\\,3)`],
  `${h264} -bf 0 -frames:v 24 -enc_time_base 1/1000`,
);

const longEncode = encoded([picture({ size: '160x90', seconds: 10 })], `${h264} -bf 0 -g 250 ${faststart}`);

/** Frames that come unevenly, early, late, or in an order that is not the stored one. */
export const timingClips = {
  'variable-rate.mp4': {
    make: copied(irregular, 'mkv', `-i INPUT ${faststart}`),
    facts: {
      storedWidth: 302,
      storedHeight: 138,
      displayWidth: 302,
      displayHeight: 138,
      frames: 24,
      duration: 2.581,
      frameTimes: irregularTimes,
    },
    traits: { otherStreams: [] },
  },
  /** Of 50 stored frames the first ten are not shown. */
  'edit-list.mp4': {
    make: edited(silent('-g 50'), (file) => withSkippedStart(file, 0.4)),
    facts: { ...usual, frames: 40, duration: 1.6 },
    traits: {},
  },
  /** The sound starts half a second before the picture. */
  'late-video.mp4': {
    make: copied(plain, 'mp4', `-itsoffset 0.5 -i INPUT -i INPUT -map 0:v -map 1:a ${faststart}`),
    facts: { ...usual, start: 0.5 },
    traits: { otherStreams: ['aac'] },
  },
  'start-offset.mkv': {
    make: copied(silent(''), 'mp4', '-i INPUT -output_ts_offset 5'),
    facts: { ...usual, start: 5 },
    traits: {},
  },
  'h264.ts': {
    make: encoded([picture(), tone()], `${h264} ${aac}`),
    facts: { ...usual, start: 1.48 },
    traits: { codec: 'h264', otherStreams: ['aac'] },
  },
  'hevc.ts': {
    make: encoded([picture(), tone()], `${hevc} -pix_fmt yuv420p ${aac}`),
    needs: 'libx265',
    facts: { ...usual, start: 1.48 },
    traits: { codec: 'hevc' },
  },
  'film-rate.mp4': {
    make: encoded([picture({ rate: '24000/1001' })], `${h264} ${faststart}`),
    facts: { ...usual, frames: 48, duration: (48 * 1001) / 24000 },
    traits: {},
  },
  /** B-frames before a keyframe that need the picture before it. */
  'open-gop.mp4': {
    make: silent('-bf 3 -x264-params open-gop=1:keyint=24:min-keyint=24:scenecut=0:b-adapt=0'),
    facts: usual,
    traits: {},
  },
  'interlaced.mp4': {
    make: encoded(
      [`${picture({ size: '352x288', rate: '50' })},interlace=scan=tff`],
      `${h264} -flags +ildct+ilme ${faststart}`,
    ),
    facts: { ...usual, storedWidth: 352, storedHeight: 288, displayWidth: 352, displayHeight: 288 },
    traits: { fieldOrder: 'tt' },
  },
  /** Begins in the middle of a group of pictures, as what is cut from a broadcast. */
  'cut-stream.ts': {
    make: edited(silent('-f mpegts'), (file) => file.subarray(188 * Math.floor(file.length / 188 / 4))),
    facts: { ...usual, frames: 25, duration: 1, start: 2.48 },
    traits: {},
  },
  /** Its last frame is missing: 1 of 250, which is as good as nothing. */
  'barely-truncated.mp4': {
    make: edited(longEncode, (file) => file.subarray(0, file.length - sizeOfLastSample(file))),
    facts: {
      ...usual,
      storedWidth: 160,
      storedHeight: 90,
      displayWidth: 160,
      displayHeight: 90,
      frames: 249,
      duration: 9.96,
    },
    traits: {},
  },
} satisfies Record<string, Clip>;
