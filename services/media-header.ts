import {
  ADTS,
  CustomSource,
  FLAC,
  Input,
  type InputFormat,
  type InputVideoTrack,
  Logging,
  LogLevel,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';

/** What a file's header tells about its video. */
export interface MediaHeader {
  /** `mp4`, `mov`, `mkv`, `webm`, `mpegts`, `ogg`, `wav`, `flac`, `mp3` or `aac`. */
  readonly container: string;
  /** Seconds, where the header tells them. */
  readonly duration_s?: number;
  readonly video: VideoHeader;
}

export interface VideoHeader {
  /** ffprobe's name, such as `h264`. */
  readonly codec: string;
  /** Upright and in square pixels, as the viewer sees it. A width that pixels are stretched to is not rounded. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise that the stored picture is turned by for display: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** Frames a second, averaged where they vary. */
  readonly frame_rate?: number;
}

/** What a header can turn out to be. `unsettled` says why it needs ffprobe to tell. */
export type HeaderFindings =
  | { readonly kind: 'video'; readonly header: MediaHeader }
  | { readonly kind: 'no-video'; readonly container: string }
  | { readonly kind: 'no-streams'; readonly container: string }
  | { readonly kind: 'unsettled'; readonly reason: string };

/** HLS is left out: a playlist would make the parser, and later ffmpeg, open URLs of its choice. */
const FORMATS: ReadonlyMap<InputFormat, string> = new Map<InputFormat, string>([
  [MP4, 'mp4'],
  [QTFF, 'mov'],
  [MATROSKA, 'mkv'],
  [WEBM, 'webm'],
  [MPEG_TS, 'mpegts'],
  [OGG, 'ogg'],
  [WAVE, 'wav'],
  [FLAC, 'flac'],
  [MP3, 'mp3'],
  [ADTS, 'aac'],
]);

/**
 * Containers of which mediabunny lists every video track. In the others it passes over codecs that it does not know (MPEG-2
 * in TS, Theora in Ogg), and it takes some other binary files for MP3 or AAC.
 */
const LISTS_ALL_VIDEO = new Set(['mp4', 'mov', 'mkv', 'webm', 'wav', 'flac']);

/** Containers whose header has the frame times, unless they are fragmented. Elsewhere these are spread over the file. */
const LISTS_FRAME_TIMES = new Set(['mp4', 'mov']);

/** ffprobe's names for what the containers call their codecs. */
const CODECS: Readonly<Record<string, string>> = {
  avc: 'h264',
  hevc: 'hevc',
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'av1',
  prores: 'prores',
  apco: 'prores',
  apcs: 'prores',
  apcn: 'prores',
  apch: 'prores',
  ap4h: 'prores',
  ap4x: 'prores',
  AVdn: 'dnxhd',
  AVdh: 'dnxhd',
  mp4v: 'mpeg4',
  jpeg: 'mjpeg',
  '2vuy': 'rawvideo',
  V_MPEG2: 'mpeg2video',
};

// What it has to say about a file is in the findings; the log is ours.
Logging.level = LogLevel.Silent;

/** A file, as far as its header is read. */
export interface HeaderSource {
  readonly size: number;
  /** @param end exclusive */
  read(start: number, end: number): Uint8Array | Promise<Uint8Array>;
}

/** Reads the header of a file. Errors are those of the source, or the parser's about a broken file. */
export async function readMediaHeader(file: HeaderSource): Promise<HeaderFindings> {
  const source = new CustomSource({
    getSize: () => file.size,
    read: (start, end) => file.read(start, end),
    handleUnhandledError: () => {},
  });
  using input = new Input({ formats: [...FORMATS.keys()], source });
  if (!(await input.canRead())) {
    return { kind: 'unsettled', reason: 'Its container is not one that the quick look at an input knows.' };
  }
  const container = FORMATS.get(await input.getFormat()) ?? 'unknown';
  const track = await input.getPrimaryVideoTrack();
  if (track === null) return withoutVideo(container, (await input.getTracks()).length);
  const codec = CODECS[String((await track.getCodec()) ?? (await track.getInternalCodecId()))];
  if (codec === undefined) {
    return { kind: 'unsettled', reason: 'Its video codec is not one that the quick look at an input knows.' };
  }
  const trackDuration = await track.getDurationFromMetadata();
  const duration = trackDuration ?? (await input.getDurationFromMetadata());
  const hasFrameTimes = LISTS_FRAME_TIMES.has(container) && trackDuration !== null;
  const frameRate = hasFrameTimes ? await frameRateOf(track) : undefined;
  return {
    kind: 'video',
    header: {
      container,
      ...(duration === null ? {} : { duration_s: duration }),
      video: {
        codec,
        ...(await displaySizeOf(track)),
        rotation: await track.getRotation(),
        ...(frameRate === undefined ? {} : { frame_rate: frameRate }),
      },
    },
  };
}

function withoutVideo(container: string, streams: number): HeaderFindings {
  if (streams > 0 && LISTS_ALL_VIDEO.has(container)) return { kind: 'no-video', container };
  // QuickTime is left to ffprobe: its header may be compressed, which mediabunny does not read.
  if (streams === 0 && container === 'mp4') return { kind: 'no-streams', container };
  const reason = `The quick look at an input sees no video in ${container} files like it.`;
  return { kind: 'unsettled', reason };
}

/** Pixels are made square by their width alone, as ffmpeg's filters do; mediabunny makes tall ones taller. */
async function displaySizeOf(track: InputVideoTrack): Promise<{ width: number; height: number }> {
  const { num, den } = await track.getPixelAspectRatio();
  const width = ((await track.getCodedWidth()) * num) / den;
  const height = await track.getCodedHeight();
  const isOnItsSide = (await track.getRotation()) % 180 !== 0;
  return isOnItsSide ? { width: height, height: width } : { width, height };
}

async function frameRateOf(track: InputVideoTrack): Promise<number | undefined> {
  const rates = await track.computeFrameRateMetrics();
  if (rates.probedPacketCount < 2) return undefined;
  return rates.frameRateIsConstant ? rates.bestGuessFrameRate : rates.averageFrameRate;
}
