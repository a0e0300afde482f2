import * as v from 'valibot';
import { OctetError } from '../errors.ts';
import { type Orientation, parseDisplayMatrix, rotatedBy } from './orientation.ts';
import type { Colour, MediaSource, PromisedDuration, VideoSource } from './source.ts';

/** The arguments that make ffprobe print what `parseProbe` reads. */
export const PROBE_ARGUMENTS: readonly string[] = [
  ...['-v', 'error', '-show_format', '-show_streams', '-of', 'json'],
];

const optionalText = v.optional(v.string());

/** The fields of `ffprobe -show_streams` that are used. */
const streamSchema = v.object({
  index: v.number(),
  codec_type: optionalText,
  codec_name: optionalText,
  profile: optionalText,
  pix_fmt: optionalText,
  width: v.optional(v.number()),
  height: v.optional(v.number()),
  sample_aspect_ratio: optionalText,
  field_order: optionalText,
  avg_frame_rate: optionalText,
  r_frame_rate: optionalText,
  start_time: optionalText,
  duration: optionalText,
  nb_frames: optionalText,
  color_range: optionalText,
  color_space: optionalText,
  color_transfer: optionalText,
  color_primaries: optionalText,
  disposition: v.optional(
    v.object({ attached_pic: v.optional(v.number()), default: v.optional(v.number()) }),
  ),
  side_data_list: v.optional(v.array(v.object({ displaymatrix: optionalText }))),
  tags: v.optional(v.record(v.string(), v.string())),
});

const probeSchema = v.object({
  streams: v.array(streamSchema),
  format: v.object({ format_name: v.string(), duration: optionalText }),
});

/** Containers whose header promises durations, by ffprobe's first name. For the others ffprobe estimates from what is there. */
const PROMISING = new Set(['mov', 'matroska', 'avi', 'asf', 'flv', 'mxf']);

/** Frames a second. A rate above it is not one of frames, but of the clock that times them, as in browsers' WebM. */
const HIGHEST_RATE = 300;

type Stream = v.InferOutput<typeof streamSchema>;

/**
 * Parses what ffprobe printed.
 *
 * @throws OctetError `input_unsupported` when there is no video stream that can be decoded
 */
export function parseProbe(json: string): MediaSource {
  const { streams, format } = v.parse(v.pipe(v.string(), v.parseJson(), probeSchema), json);
  const pictures = streams.filter(
    ({ codec_type, disposition }) => codec_type === 'video' && disposition?.attached_pic !== 1,
  );
  const [stream] = pictures.filter(isDecodable).toSorted(byPreference);
  if (stream === undefined) throw noVideo(pictures.length > 0);
  return {
    container: format.format_name,
    duration: promisedDuration(stream, format, streams.length),
    streams: streams.length,
    video: videoSource(stream),
  };
}

function isDecodable(stream: Stream): boolean {
  return areaOf(stream) > 0 && stream.codec_name !== undefined && stream.codec_name !== 'unknown';
}

/** The default stream comes first, then the largest: the others are proxies, thumbnails or other views. */
function byPreference(a: Stream, b: Stream): number {
  const isDefault = ({ disposition }: Stream) => disposition?.default ?? 0;
  return isDefault(b) - isDefault(a) || areaOf(b) - areaOf(a);
}

function areaOf({ width = 0, height = 0 }: Stream): number {
  return width * height;
}

function noVideo(hasUndecodable: boolean): OctetError {
  const message = hasUndecodable
    ? 'The input has a video stream whose codec is not known: give a file in a common codec such as H.264.'
    : 'The input has no video stream: give a file that holds video.';
  return new OctetError('input_unsupported', message);
}

function videoSource(stream: Stream): VideoSource {
  const average = plausibleRate(stream.avg_frame_rate);
  const nominal = plausibleRate(stream.r_frame_rate);
  return {
    index: stream.index,
    codec: stream.codec_name ?? 'unknown',
    profile: stream.profile,
    pixelFormat: stream.pix_fmt ?? 'unknown',
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    pixelAspect: ratio(stream.sample_aspect_ratio, ':') ?? 1,
    orientation: orientationOf(stream),
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
    startTime: finite(stream.start_time) ?? 0,
    frameRate: average ?? nominal,
    hasConstantRate: average !== undefined && average === nominal,
    frames: positive(stream.nb_frames),
    colour: colourOf(stream),
  };
}

/** A frame rate, unless it is a clock's. */
function plausibleRate(text: string | undefined): number | undefined {
  const rate = ratio(text, '/');
  return rate !== undefined && rate <= HIGHEST_RATE ? rate : undefined;
}

/** `16:9` or `30000/1001` as a number; undefined where it is missing, zero or not a ratio. */
function ratio(text: string | undefined, separator: string): number | undefined {
  const [numerator, denominator] = (text ?? '').split(separator).map(Number);
  const value = (numerator ?? 0) / (denominator ?? 0);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function orientationOf({ side_data_list = [], tags }: Stream): Orientation {
  const matrix = side_data_list.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix;
  return matrix === undefined ? rotatedBy(Number(tags?.rotate ?? 0)) : parseDisplayMatrix(matrix);
}

function colourOf(stream: Stream): Colour {
  const isFull = stream.color_range === 'pc' || /^yuvj/.test(stream.pix_fmt ?? '');
  const range = isFull ? 'full' : stream.color_range === 'tv' ? 'limited' : undefined;
  return {
    range,
    matrix: known(stream.color_space),
    transfer: known(stream.color_transfer),
    primaries: known(stream.color_primaries),
  };
}

function known(name: string | undefined): string | undefined {
  return name === undefined || /^(unknown|unspecified|reserved)$/.test(name) ? undefined : name;
}

function promisedDuration(
  stream: Stream,
  format: { format_name: string; duration?: string | undefined },
  streamCount: number,
): PromisedDuration | undefined {
  const name = format.format_name.split(',')[0] ?? '';
  // Matroska says when a stream ends, not how long it lasts.
  const start = name === 'matroska' ? (positive(stream.start_time) ?? 0) : 0;
  const own = positive(stream.duration) ?? clockTime(stream.tags);
  const end = own ?? positive(format.duration);
  if (end === undefined || end <= start) return undefined;
  const isOwn = own !== undefined || streamCount === 1;
  return { seconds: end - start, of: isOwn && PROMISING.has(name) ? 'stream' : 'file' };
}

function positive(text: string | undefined): number | undefined {
  const value = finite(text);
  return value !== undefined && value > 0 ? value : undefined;
}

function finite(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Matroska's tag, such as `00:01:02.500000000`, in seconds. Its name may end with a language. */
function clockTime(tags: Readonly<Record<string, string>> = {}): number | undefined {
  const [, text] = Object.entries(tags).find(([name]) => /^DURATION(-\w+)?$/.test(name)) ?? [];
  const [, hours, minutes, rest] = /^(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  if (hours === undefined) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}
