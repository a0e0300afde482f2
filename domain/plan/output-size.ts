import type { Size } from '../media/source.ts';
import type { Resolution } from '../request/resolution.ts';

/**
 * The size in pixels that a wanted resolution comes to for a source. A side that is left open follows the aspect ratio;
 * every side is rounded to an even number, as 4:2:0 needs.
 *
 * @param display the source as it is meant to be seen, not rounded
 */
export function outputSize({ width, height }: Resolution, display: Size): Size {
  if (width !== undefined && height !== undefined) return { width, height };
  if (width !== undefined) return { width, height: toEven((width * display.height) / display.width) };
  if (height !== undefined) return { width: toEven((height * display.width) / display.height), height };
  return { width: toEven(display.width), height: toEven(display.height) };
}

function toEven(side: number): number {
  return Math.max(2, Math.round(side / 2) * 2);
}
