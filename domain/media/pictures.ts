import type { Interpolation } from '../request/output.ts';
import type { Size } from './source.ts';

/** The picture that one output wants. */
export interface Picture {
  readonly size: Size;
  readonly interpolation: Interpolation;
}

/** By less, a second scaler would blur what the first one has left. From 720 lines to 480 it is half, roughly. */
const LEAST_RATIO = 1.49;

/**
 * Which other picture each one is scaled from, by its index: the smallest that is large enough. Undefined for those that are
 * scaled from the source. It saves processor time, above all where the source's colours are converted. What is lost by scaling
 * twice is made up for, since ffmpeg's scaler rounds less well the more lines it makes one of.
 *
 * @param source its upright pixels
 */
export function largerPictures(pictures: readonly Picture[], source: Size): (number | undefined)[] {
  return pictures.map((picture, index) => {
    const same = pictures.findIndex((other) => isSame(picture, other));
    if (same < index) return same;
    const candidates = pictures.filter((other) => isMadeFrom(picture, other) && !isEnlarged(other, source));
    const [smallest] = candidates.toSorted((a, b) => pixels(a) - pixels(b));
    return smallest && pictures.indexOf(smallest);
  });
}

function isSame({ size, interpolation }: Picture, other: Picture): boolean {
  const { width, height } = other.size;
  return interpolation === other.interpolation && size.width === width && size.height === height;
}

/** Nearest neighbours are those in the source; and who asks for an algorithm wants no other one before it. */
function isMadeFrom({ size, interpolation }: Picture, other: Picture): boolean {
  return (
    interpolation !== 'nn' &&
    interpolation === other.interpolation &&
    other.size.width >= LEAST_RATIO * size.width &&
    other.size.height >= LEAST_RATIO * size.height
  );
}

/** By more than what rounding to even sizes adds. */
function isEnlarged({ size }: Picture, source: Size): boolean {
  return size.width > source.width + 1 || size.height > source.height + 1;
}

function pixels({ size }: Picture): number {
  return size.width * size.height;
}
