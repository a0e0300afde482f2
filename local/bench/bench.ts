import type { FfmpegTools } from '../ffmpeg.ts';
import type { Letter } from './figures.ts';

/** What every measurement works with. */
export interface Bench {
  readonly tools: FfmpegTools;
  /** What is measured. */
  readonly only: readonly Letter[];
  readonly rounds: number;
  /** Keeps clips from run to run. */
  readonly folder: string;
  /** For all else; removed afterwards. */
  readonly scratch: string;
  /** Tells whoever waits how far it is. */
  readonly say: (text: string) => void;
}
