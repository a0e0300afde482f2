import { type Orientation, swapsSides } from './orientation.ts';

/** What a picture's numbers mean. Names as ffprobe gives them; undefined where the file does not say. */
export interface Colour {
  readonly range: 'full' | 'limited' | undefined;
  /** Matrix coefficients, such as `bt709`, `smpte170m`, `bt2020nc` or `gbr`. */
  readonly matrix: string | undefined;
  /** Transfer characteristics, such as `bt709`, `smpte2084` (PQ) or `arib-std-b67` (HLG). */
  readonly transfer: string | undefined;
  readonly primaries: string | undefined;
}

/** The video stream of an input that is encoded. */
export interface VideoSource {
  /** The stream's index in the file. */
  readonly index: number;
  /** ffprobe's name, such as `h264`. */
  readonly codec: string;
  readonly profile: string | undefined;
  readonly pixelFormat: string;
  /** Pixels as they are stored. */
  readonly width: number;
  readonly height: number;
  /** Width of a pixel divided by its height. */
  readonly pixelAspect: number;
  /** How the stored picture is turned to be upright. */
  readonly orientation: Orientation;
  readonly interlaced: boolean;
  /** Frames a second, on average; undefined where the file does not tell. */
  readonly frameRate: number | undefined;
  /** Whether all frames that ffprobe has looked at last equally long. */
  readonly hasConstantRate: boolean;
  /** How many the container lists, where it does. */
  readonly frames: number | undefined;
  readonly colour: Colour;
}

/** How long an input says that its video is. */
export interface PromisedDuration {
  readonly seconds: number;
  /** `stream` when the container says it of the video itself; `file` when it is the longest stream's or an estimate. */
  readonly of: 'stream' | 'file';
}

/** What ffprobe tells of an input. */
export interface MediaSource {
  /** ffprobe's list of names for the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  readonly duration: PromisedDuration | undefined;
  /** How many streams of all kinds there are. */
  readonly streams: number;
  readonly video: VideoSource;
}

/** A picture's size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size at which a source is meant to be seen: upright and in square pixels. Not rounded.
 */
export function displaySize({ width, height, pixelAspect, orientation }: VideoSource): Size {
  const squareWidth = width * pixelAspect;
  return swapsSides(orientation) ? { width: height, height: squareWidth } : { width: squareWidth, height };
}
