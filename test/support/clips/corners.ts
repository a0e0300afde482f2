import { findFfmpeg } from '../../../local/ffmpeg.ts';
import type { Area } from './colours.ts';
import { type CornerColour, type Corners, runFfmpegForBytes } from './recipe.ts';

/** Areas side by side, of which the corners' colours fill those in the corners. */
const GRID = 8;

const cornerAt = (x: number, y: number): Area => ({ x, y, width: 1 / GRID, height: 1 / GRID });

/** Well inside the coloured corners of `picture()`. */
export const cornerAreas = {
  topLeft: cornerAt(0, 0),
  topRight: cornerAt(1 - 1 / GRID, 0),
  bottomLeft: cornerAt(0, 1 - 1 / GRID),
  bottomRight: cornerAt(1 - 1 / GRID, 1 - 1 / GRID),
};

/** The colours of the first picture's corners as they are stored, neither turned nor mirrored. */
export async function storedCorners(path: string): Promise<Corners> {
  const filter = `scale=${GRID}:${GRID}:flags=area,format=rgb24`;
  const args = ['-noautorotate', '-i', path, '-map', '0:v:0', '-frames:v', '1', '-vf', filter];
  const pixels = await runFfmpegForBytes(findFfmpeg(process.env), [...args, '-f', 'rawvideo', '-']);
  const colourAt = (x: number, y: number) => nameOf(pixels.subarray(3 * (y * GRID + x)));
  const last = GRID - 1;
  return [colourAt(0, 0), colourAt(last, 0), colourAt(0, last), colourAt(last, last)];
}

/** They are so far apart that the matrix does not matter. */
function nameOf([red = 0, green = 0, blue = 0]: Uint8Array): CornerColour {
  const bits = [red, green, blue].map((part) => (part > 127 ? 1 : 0)).join('');
  const names: Record<string, CornerColour> = { 100: 'red', '010': 'lime', '001': 'blue', 110: 'yellow' };
  return names[bits] ?? 'other';
}
