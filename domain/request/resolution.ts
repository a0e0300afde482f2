import * as v from 'valibot';
import { H264_MAX_SIDE } from '../h264-levels.ts';

export const MIN_SIDE = 16;
const MESSAGE = `must be WIDTHxHEIGHT with even sides of ${MIN_SIDE} to ${H264_MAX_SIDE} pixels, or -1 for a side that follows the aspect ratio`;

/** A wanted picture size; `undefined` for a side that follows the source. */
export interface Resolution {
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** `WxH` in pixels of the upright picture; -1 leaves a side to the aspect ratio, `-1x-1` keeps the source's size. */
export const resolutionSchema = v.pipe(
  v.string(MESSAGE),
  v.regex(/^(-1|\d{1,5})x(-1|\d{1,5})$/, MESSAGE),
  v.transform((text): Resolution => {
    const [width, height] = text.split('x').map(Number);
    return { width: width === -1 ? undefined : width, height: height === -1 ? undefined : height };
  }),
  v.check(({ width, height }) => isSide(width) && isSide(height), MESSAGE),
);

function isSide(side: number | undefined): boolean {
  return side === undefined || (side % 2 === 0 && side >= MIN_SIDE && side <= H264_MAX_SIDE);
}
