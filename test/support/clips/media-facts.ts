import * as v from 'valibot';
import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { runFfprobe } from './recipe.ts';

/** What ffprobe says of a file's first video stream, in its own words, without decoding it. */
export interface StreamFacts {
  readonly codec: string;
  readonly profile: string;
  readonly level: number;
  /** As stored. */
  readonly width: number;
  readonly height: number;
  /** Width of a pixel by its height; 1 where the file does not say. */
  readonly sampleAspectRatio: number;
  /** Degrees, counter-clockwise, by which players must turn the picture. */
  readonly rotation: number;
  /** Whether players must mirror the picture. */
  readonly isMirrored: boolean;
  readonly pixFmt: string;
  readonly fieldOrder: string;
  readonly colourRange: string;
  readonly colourSpace: string;
  readonly colourTransfer: string;
  readonly colourPrimaries: string;
  /** Codecs of all other streams, in order. */
  readonly otherStreams: readonly string[];
}

/** With what decoding it tells. */
export interface MediaFacts extends StreamFacts {
  /** Presentation times of the frames that are shown, in seconds and in order. */
  readonly frameTimes: readonly number[];
  /** From the first frame to the end of the last, in seconds. */
  readonly duration: number;
}

/** What is wanted of every frame. */
const FRAMES: readonly string[] = [
  '-show_entries',
  'frame=media_type,stream_index,key_frame,best_effort_timestamp_time,duration_time,pkt_duration_time',
];

const unknown = v.optional(v.string(), 'unknown');

const seconds = v.pipe(v.string(), v.transform(Number));

const frameSchema = v.object({
  key_frame: v.number(),
  best_effort_timestamp_time: seconds,
  duration_time: v.optional(seconds),
  /** Until ffprobe 6. */
  pkt_duration_time: v.optional(seconds),
});

const framesSchema = v.object({
  frames: v.array(v.looseObject({ media_type: v.string(), stream_index: v.optional(v.number()) })),
});

const videoSchema = v.object({
  codec_type: v.literal('video'),
  codec_name: v.string(),
  profile: unknown,
  level: v.optional(v.number(), 0),
  width: v.number(),
  height: v.number(),
  sample_aspect_ratio: v.optional(v.string(), '1:1'),
  pix_fmt: unknown,
  field_order: unknown,
  color_range: unknown,
  color_space: unknown,
  color_transfer: unknown,
  color_primaries: unknown,
  side_data_list: v.optional(
    v.array(v.object({ rotation: v.optional(v.number()), displaymatrix: v.optional(v.string()) })),
    [],
  ),
});

const streamSchema = v.union([videoSchema, v.object({ codec_type: v.string(), codec_name: unknown })]);

const streamsSchema = v.object({ streams: v.array(streamSchema) });

type Stream = v.InferOutput<typeof streamSchema>;
type Video = v.InferOutput<typeof videoSchema>;

/** @throws Error when the file has no video stream, or ffprobe cannot read it */
export async function streamFacts(path: string): Promise<StreamFacts> {
  return factsIn(await probe(path, ['-show_streams']), path);
}

function factsIn(report: unknown, path: string): StreamFacts {
  const { streams } = v.parse(streamsSchema, report);
  const video = streams.find(isVideo);
  if (video === undefined) throw new Error(`${path} has no video stream.`);
  const others = streams.filter((stream) => stream !== video);
  return { ...describe(video), otherStreams: others.map((stream) => stream.codec_name) };
}

/** @throws Error when the file has no video stream, or ffprobe cannot read it */
export async function mediaFacts(path: string): Promise<MediaFacts> {
  const report = await probe(path, ['-show_streams', ...FRAMES]);
  const stream = factsIn(report, path);
  const frames = firstVideoIn(report);
  const frameTimes = frames.map((frame) => frame.best_effort_timestamp_time);
  const end = (frameTimes.at(-1) ?? 0) + durationOf(frames.at(-1));
  return { ...stream, frameTimes, duration: end - (frameTimes[0] ?? 0) };
}

/** Presentation times, in seconds, of the frames from which the first video stream can be decoded. */
export async function startsOfKeyframes(path: string): Promise<number[]> {
  // Some decoders do not know how to skip.
  const frames = firstVideoIn(await probe(path, ['-skip_frame', 'nokey', ...FRAMES]));
  const keyframes = frames.filter((frame) => frame.key_frame === 1);
  return keyframes.map((frame) => frame.best_effort_timestamp_time).sort((a, b) => a - b);
}

function isVideo(stream: Stream): stream is Video {
  return v.is(videoSchema, stream);
}

function describe(video: Video): Omit<StreamFacts, 'otherStreams'> {
  const { rotation = 0, displaymatrix = '' } = video.side_data_list.find((data) => data.displaymatrix) ?? {};
  return {
    codec: video.codec_name,
    profile: video.profile,
    level: video.level,
    width: video.width,
    height: video.height,
    sampleAspectRatio: ratioOf(video.sample_aspect_ratio),
    rotation,
    isMirrored: determinantOf(displaymatrix) < 0,
    pixFmt: video.pix_fmt,
    fieldOrder: video.field_order,
    colourRange: video.color_range,
    colourSpace: video.color_space,
    colourTransfer: video.color_transfer,
    colourPrimaries: video.color_primaries,
  };
}

function ratioOf(text: string): number {
  const [width = 0, height = 1] = text.split(':').map(Number);
  return width / height || 1;
}

/** Of the matrix's part that turns and mirrors, out of three lines like `00000000:            0       65536           0`. */
function determinantOf(displayMatrix: string): number {
  const rows = displayMatrix
    .trim()
    .split('\n')
    .map((line) => line.split(':')[1]?.trim().split(/\s+/).map(Number) ?? []);
  const [[a = 1, b = 0] = [], [c = 0, d = 1] = []] = rows;
  return a * d - b * c;
}

/** The frames of the first video stream that has any. */
function firstVideoIn(report: unknown): v.InferOutput<typeof frameSchema>[] {
  const pictures = v.parse(framesSchema, report).frames.filter(({ media_type }) => media_type === 'video');
  const first = Math.min(...pictures.map(({ stream_index = 0 }) => stream_index));
  return pictures
    .filter(({ stream_index = 0 }) => stream_index === first)
    .map((frame) => v.parse(frameSchema, frame));
}

function durationOf(frame: v.InferOutput<typeof frameSchema> | undefined): number {
  return frame?.duration_time ?? frame?.pkt_duration_time ?? 0;
}

async function probe(path: string, args: readonly string[]): Promise<unknown> {
  return JSON.parse(await runFfprobe(findFfmpeg(process.env), ['-of', 'json', ...args, path]));
}
