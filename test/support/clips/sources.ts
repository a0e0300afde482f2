import type { ClipFacts } from './recipe.ts';

/** Tells the corners apart, so that a picture that was turned or mirrored is found out: red, lime, blue, yellow. */
const corners = [
  'drawbox=w=iw/4:h=ih/4:color=red:t=fill',
  'drawbox=x=iw*3/4:w=iw/4:h=ih/4:color=lime:t=fill',
  'drawbox=y=ih*3/4:w=iw/4:h=ih/4:color=blue:t=fill',
  'drawbox=x=iw*3/4:y=ih*3/4:w=iw/4:h=ih/4:color=yellow:t=fill',
].join(',');

export interface PictureOptions {
  /** @default 320x180 */
  readonly size?: string;
  /** Frames/s. @default 25 */
  readonly rate?: string;
  /** @default 2 */
  readonly seconds?: number;
}

/** A moving test card with a colour of its own in each corner. */
export function picture({ size = '320x180', rate = '25', seconds = 2 }: PictureOptions = {}): string {
  return `testsrc2=size=${size}:rate=${rate}:duration=${seconds},${corners}`;
}

/** A tone of as many seconds. */
export function tone(seconds = 2): string {
  return `sine=frequency=440:sample_rate=48000:duration=${seconds}`;
}

/** What holds for `picture()` when nothing is done to it. */
export const usual: ClipFacts = {
  storedWidth: 320,
  storedHeight: 180,
  displayWidth: 320,
  displayHeight: 180,
  frames: 50,
  duration: 2,
  corners: ['red', 'lime', 'blue', 'yellow'],
};

export const h264 = '-c:v libx264 -preset veryfast -g 25 -pix_fmt yuv420p';

export const hevc = '-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=25 -tag:v hvc1';

export const aac = '-c:a aac -b:a 64k -ac 2';

export const faststart = '-movflags +faststart';
