import { writeFile } from 'node:fs/promises';
import { type Clip, edited, encoded } from './recipe.ts';
import { aac, faststart, h264, picture, tone } from './sources.ts';

const plain = encoded([picture()], `${h264} ${faststart}`);

const sleeve = picture({ seconds: 0.04 });

/** What users send although there is no whole video in it. */
export const otherFiles = {
  'two-tracks-of-sound.mp4': {
    make: encoded([tone(), tone()], `-map 0 -map 1 ${aac} ${faststart}`),
  },
  /** Sound with a picture on the sleeve, which probes call a video stream. */
  'cover-art.m4a': {
    make: encoded(
      [tone(), sleeve],
      `-map 0 -map 1 ${aac} -c:v mjpeg -pix_fmt yuvj420p -disposition:v attached_pic`,
    ),
  },
  /** Its index is whole; the second half of its frames is missing. */
  'truncated.mp4': { make: edited(plain, (file) => file.subarray(0, file.length / 2)) },
  'empty.mp4': { make: (path) => writeFile(path, '') },
  /** What a share link leads to. */
  'web-page.mp4': { make: (path) => writeFile(path, '<!doctype html><p>Sign in to see this file.') },
} satisfies Record<string, Pick<Clip, 'make'>>;
