import { withSkippedStart } from './mp4-boxes.ts';
import { type Clip, copied, edited, encoded } from './recipe.ts';
import { faststart, picture } from './sources.ts';

const SECONDS = 8.4;

/** Some grain, so that every frame costs something. */
const grainy = (rate = '25', seconds = SECONDS) =>
  `${picture({ rate, seconds })},noise=alls=8:allf=t:all_seed=1`;

const x264 = '-c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p';

const bFrames = `${x264} -bf 3 -g 50 -x264-params b-adapt=0:scenecut=0`;

const silent = (options: string, rate?: string) => encoded([grainy(rate)], `${options} ${faststart}`);

/** Gaps of 6, 33 and 51 ms. */
const irregular = encoded(
  [`${grainy('30')},settb=1/1000,setpts=33*N+9*mod(7*N\\,5)`],
  `${x264} -bf 0 -enc_time_base 1/1000`,
);

/**
 * Clips of 8 s, long enough to be split where keyframes stand, each with what makes it hard to find such a place; and one
 * that is too short.
 */
export const longClips = {
  'long-b-frames.mp4': { make: silent(bFrames) },
  'long-open-gop.mp4': {
    make: silent(`${x264} -bf 3 -x264-params open-gop=1:keyint=48:min-keyint=48:scenecut=0:b-adapt=0`),
  },
  'long-variable-rate.mp4': { make: copied(irregular, 'mkv', `-i INPUT ${faststart}`) },
  'long-film-rate.mp4': { make: silent(bFrames, '24000/1001') },
  'long-start-offset.mkv': { make: copied(silent(bFrames), 'mp4', '-i INPUT -output_ts_offset 5') },
  'long-edit-list.mp4': {
    make: edited(silent(`${x264} -bf 3 -g 250`), (file) => withSkippedStart(file, 0.4)),
  },
  'few-keyframes.mkv': { make: encoded([grainy('30', 16 / 3)], bFrames) },
  'long-vp9.webm': {
    make: encoded([grainy()], '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 1M -g 100'),
    needs: 'libvpx-vp9',
  },
} satisfies Record<string, Pick<Clip, 'make' | 'needs'>>;
