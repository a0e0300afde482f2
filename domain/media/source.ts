import * as v from 'valibot';
import { ORIENTATION_NAMES, swapsSides } from './orientation.ts';

const text = v.optional(v.string());

const colourSchema = v.object({
  range: v.optional(v.picklist(['full', 'limited'])),
  /** Matrix coefficients, such as `bt709`, `smpte170m`, `bt2020nc` or `gbr`. */
  matrix: text,
  /** Transfer characteristics, such as `bt709`, `smpte2084` (PQ) or `arib-std-b67` (HLG). */
  transfer: text,
  primaries: text,
});

/** What a picture's numbers mean. Names as ffprobe gives them; undefined where the file does not say. */
export type Colour = v.InferOutput<typeof colourSchema>;

const videoSourceSchema = v.object({
  /** The stream's index in the file. */
  index: v.number(),
  /** ffprobe's name, such as `h264`. */
  codec: v.string(),
  profile: text,
  pixelFormat: v.string(),
  /** Pixels as they are stored. */
  width: v.number(),
  height: v.number(),
  /** Width of a pixel divided by its height. */
  pixelAspect: v.number(),
  /** How the stored picture is turned to be upright. */
  orientation: v.picklist(ORIENTATION_NAMES),
  interlaced: v.boolean(),
  /** Seconds that the file's own times are at its first frame. */
  startTime: v.number(),
  /** Frames a second, on average; undefined where the file does not tell. */
  frameRate: v.optional(v.number()),
  /** Whether all frames that ffprobe has looked at last equally long. */
  hasConstantRate: v.boolean(),
  /** How many the container lists, where it does. */
  frames: v.optional(v.number()),
  colour: colourSchema,
});

/** The video stream of an input that is encoded. */
export type VideoSource = Readonly<v.InferOutput<typeof videoSourceSchema>>;

/** What ffprobe tells of an input. */
export const mediaSourceSchema = v.object({
  /** ffprobe's list of names for the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: v.string(),
  /** How long the input says that its video is. */
  duration: v.optional(
    v.object({
      seconds: v.number(),
      /** `stream` when the container says it of the video itself; `file` when it is the longest stream's or an estimate. */
      of: v.picklist(['stream', 'file']),
    }),
  ),
  /** How many streams of all kinds there are. */
  streams: v.number(),
  video: videoSourceSchema,
});

export type MediaSource = Readonly<v.InferOutput<typeof mediaSourceSchema>>;

/** How long an input says that its video is. */
export type PromisedDuration = NonNullable<MediaSource['duration']>;

/** A picture's size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size at which a source is meant to be seen: upright and in square pixels. Not rounded.
 */
export function displaySize(source: VideoSource): Size {
  return uprightSize({ ...source, width: source.width * source.pixelAspect });
}

/** The pixels of a source that is made upright. */
export function uprightSize({ width, height, orientation }: VideoSource): Size {
  return swapsSides(orientation) ? { width: height, height: width } : { width, height };
}
