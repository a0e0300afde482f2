import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { streamFacts } from './media-facts.ts';
import { runFfmpeg } from './recipe.ts';

/** A rectangle, in parts of the stored picture's width and height. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Averages over all frames, as 8-bit samples have them, whatever the depth of the file. */
export interface AverageColours {
  readonly y: number;
  readonly u: number;
  readonly v: number;
  /** `full`: 0 is black and 255 white. `limited`: 16 and 235; also where the file does not say. */
  readonly range: 'full' | 'limited';
}

export interface Rgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

export type ColourMatrix = 'bt601' | 'bt709' | 'bt2020';

/** What red and blue weigh in luma: ITU-R BT.601, BT.709 and BT.2020. */
const weights: Record<ColourMatrix, { readonly red: number; readonly blue: number }> = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
  bt2020: { red: 0.2627, blue: 0.0593 },
};

const whole: Area = { x: 0, y: 0, width: 1, height: 1 };

/**
 * Averages the samples as they are stored: neither turned nor converted.
 *
 * @param area a dark or bright one tells a wrong range, which the middle grey that whole pictures average to hardly shows
 */
export async function averageColours(path: string, area: Area = whole): Promise<AverageColours> {
  const { pixFmt, colourRange } = await streamFacts(path);
  const crop = `crop=iw*${area.width}:ih*${area.height}:iw*${area.x}:ih*${area.y}`;
  const filter = `${crop},signalstats,metadata=print:file=-`;
  const args = ['-noautorotate', '-i', path, '-map', '0:v:0', '-vf', filter, '-f', 'null', '-'];
  const statistics = await runFfmpeg(findFfmpeg(process.env), args);
  const depth = Number(/p(\d\d)[lb]e$/.exec(pixFmt)?.[1] ?? 8);
  const average = (plane: string) => averageOf(statistics, plane) / 2 ** (depth - 8);
  const range = colourRange === 'pc' ? 'full' : 'limited';
  return { y: average('Y'), u: average('U'), v: average('V'), range };
}

/** The average's red, green and blue from 0 to 1, which outputs must share with their source, whatever their range and matrix. */
export function toRgb({ y, u, v, range }: AverageColours, matrix: ColourMatrix): Rgb {
  const { red: kr, blue: kb } = weights[matrix];
  const luma = range === 'full' ? y / 255 : (y - 16) / 219;
  const chroma = (value: number) => (value - 128) / (range === 'full' ? 255 : 224);
  const red = luma + 2 * (1 - kr) * chroma(v);
  const blue = luma + 2 * (1 - kb) * chroma(u);
  return { red, green: (luma - kr * red - kb * blue) / (1 - kr - kb), blue };
}

function averageOf(statistics: string, plane: string): number {
  const values = [...statistics.matchAll(new RegExp(`signalstats\\.${plane}AVG=(.*)`, 'g'))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0) / values.length;
}
