/** How a stored picture is turned or mirrored to be seen as it was meant. */
export type Orientation = keyof typeof ORIENTATIONS;

interface OrientationFacts {
  /** The first two columns of the first two rows of the display matrix, by their signs. */
  readonly matrix: string;
  /** ffmpeg's filters that do it: https://ffmpeg.org/ffmpeg-filters.html#transpose-1 */
  readonly filters: readonly string[];
  /** Whether width and height change places. */
  readonly swapsSides: boolean;
}

/** ISO/IEC 14496-12, 6.2.2: x' = ax + cy, y' = bx + dy, with y pointing down. */
const ORIENTATIONS = {
  upright: { matrix: '1 0 0 1', filters: [], swapsSides: false },
  clockwise: { matrix: '0 1 -1 0', filters: ['transpose=clock'], swapsSides: true },
  'upside-down': { matrix: '-1 0 0 -1', filters: ['hflip', 'vflip'], swapsSides: false },
  counterclockwise: { matrix: '0 -1 1 0', filters: ['transpose=cclock'], swapsSides: true },
  'mirrored-sideways': { matrix: '-1 0 0 1', filters: ['hflip'], swapsSides: false },
  'mirrored-downwards': { matrix: '1 0 0 -1', filters: ['vflip'], swapsSides: false },
  'mirrored-counterclockwise': { matrix: '0 1 1 0', filters: ['transpose=cclock_flip'], swapsSides: true },
  'mirrored-clockwise': { matrix: '0 -1 -1 0', filters: ['transpose=clock_flip'], swapsSides: true },
} as const satisfies Record<string, OrientationFacts>;

/** Every orientation. */
export const ORIENTATION_NAMES = Object.keys(ORIENTATIONS) as readonly Orientation[];

const FACTS: Readonly<Record<Orientation, OrientationFacts>> = ORIENTATIONS;

/** The filters that make a stored picture upright. */
export function uprightFilters(orientation: Orientation): readonly string[] {
  return FACTS[orientation].filters;
}

/** Whether a picture's width is its height when it stands upright. */
export function swapsSides(orientation: Orientation): boolean {
  return FACTS[orientation].swapsSides;
}

/**
 * Reads a display matrix as ffprobe prints it, a row a line behind its number. One that turns by another angle than a
 * quarter counts as upright, as players show it.
 */
export function parseDisplayMatrix(text: string): Orientation {
  const [first, second] = [...text.matchAll(/^\s*\d+:\s+(-?\d+)\s+(-?\d+)\s+-?\d+\s*$/gm)].map(
    ([, x, y]) => `${Math.sign(Number(x))} ${Math.sign(Number(y))}`,
  );
  return orientationOf(`${first} ${second}`);
}

/** The orientation for an angle in degrees clockwise, as old files have it in a tag. */
export function rotatedBy(degrees: number): Orientation {
  const turns: readonly Orientation[] = ['upright', 'clockwise', 'upside-down', 'counterclockwise'];
  return turns[((Math.round(degrees / 90) % 4) + 4) % 4] ?? 'upright';
}

function orientationOf(matrix: string): Orientation {
  const names = Object.keys(FACTS) as Orientation[];
  return names.find((name) => FACTS[name].matrix === matrix) ?? 'upright';
}
