import { type Area, averageColours, type Rgb, toRgb } from './colours.ts';
import type { CornerColour, Corners } from './recipe.ts';

const cornerAt = (x: number, y: number): Area => ({ x, y, width: 1 / 8, height: 1 / 8 });

/** Well inside the coloured corners of `picture()`. */
export const cornerAreas = {
  topLeft: cornerAt(0, 0),
  topRight: cornerAt(7 / 8, 0),
  bottomLeft: cornerAt(0, 7 / 8),
  bottomRight: cornerAt(7 / 8, 7 / 8),
};

/** The colours of the corners as they are stored, neither turned nor mirrored. */
export function storedCorners(path: string): Promise<Corners> {
  const colourIn = async (area: Area) => nameOf(toRgb(await averageColours(path, area), 'bt601'));
  const { topLeft, topRight, bottomLeft, bottomRight } = cornerAreas;
  return Promise.all([colourIn(topLeft), colourIn(topRight), colourIn(bottomLeft), colourIn(bottomRight)]);
}

/** They are so far apart that the matrix does not matter. */
function nameOf({ red, green, blue }: Rgb): CornerColour {
  const bits = [red, green, blue].map((part) => (part > 0.5 ? 1 : 0)).join('');
  const names: Record<string, CornerColour> = { 100: 'red', '010': 'lime', '001': 'blue', 110: 'yellow' };
  return names[bits] ?? 'other';
}
