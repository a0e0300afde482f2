import * as v from 'valibot';

const number = v.pipe(v.string(), v.transform(Number), v.number());

const tag = v.optional(v.string(), 'unknown');

const madeSchema = v.object({
  streams: v.tuple([
    v.object({
      codec_name: v.string(),
      profile: v.string(),
      level: v.number(),
      width: v.number(),
      height: v.number(),
      pix_fmt: v.string(),
      color_range: tag,
      color_space: tag,
      color_transfer: tag,
      color_primaries: tag,
      nb_frames: number,
      duration: number,
      start_time: number,
      bit_rate: number,
      side_data_list: v.optional(v.array(v.object({ displaymatrix: v.optional(v.string()) })), []),
    }),
  ]),
  format: v.object({ size: number }),
});

/** What ffprobe reads back from an encoded file. */
export interface MadeFile {
  readonly codec: string;
  readonly profile: string;
  /** Such as `4.1`. */
  readonly level: string;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  /** The tags of range, matrix, transfer and primaries, such as `tv bt709 bt709 bt709`. */
  readonly colours: string;
  /** Whether players are told to turn the picture. */
  readonly isTurned: boolean;
  readonly frames: number;
  /** Seconds. */
  readonly duration: number;
  /** Seconds. */
  readonly start: number;
  readonly bitrateKbps: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * Parses what ffprobe prints with `PROBE_ARGUMENTS` for an encoded file.
 *
 * @throws ValiError for a file that does not hold exactly one whole video stream
 */
export function parseMadeFile(json: string): MadeFile {
  const { streams, format } = v.parse(v.pipe(v.string(), v.parseJson(), madeSchema), json);
  const [stream] = streams;
  return {
    codec: stream.codec_name,
    profile: stream.profile,
    level: (stream.level / 10).toFixed(1),
    width: stream.width,
    height: stream.height,
    pixelFormat: stream.pix_fmt,
    colours: [stream.color_range, stream.color_space, stream.color_transfer, stream.color_primaries].join(
      ' ',
    ),
    isTurned: stream.side_data_list.some(({ displaymatrix }) => displaymatrix !== undefined),
    frames: stream.nb_frames,
    duration: stream.duration,
    start: stream.start_time,
    bitrateKbps: Math.round(stream.bit_rate / 1000),
    size: format.size,
  };
}
