import {
  ADTS,
  FLAC,
  Input,
  type InputFormat,
  type InputVideoTrack,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  type Source,
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
  /** Upright and in square pixels, as the viewer sees it. */
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

/** Reads the header of a file. Errors are those of the source, or the parser's about a broken file. */
export async function readMediaHeader(source: Source): Promise<HeaderFindings> {
  using input = new Input({ formats: [...FORMATS.keys()], source });
  if (!(await input.canRead())) {
    return { kind: 'unsettled', reason: 'Its container is not one that the quick look at an input knows.' };
  }
  const container = FORMATS.get(await input.getFormat()) ?? 'unknown';
  const track = await input.getPrimaryVideoTrack();
  if (track === null) {
    if (LISTS_ALL_VIDEO.has(container)) return { kind: 'no-video', container };
    return {
      kind: 'unsettled',
      reason: `The quick look at an input sees no video in ${container} files like it.`,
    };
  }
  const codec = CODECS[String((await track.getCodec()) ?? (await track.getInternalCodecId()))];
  if (codec === undefined) {
    return { kind: 'unsettled', reason: 'Its video codec is not one that the quick look at an input knows.' };
  }
  const trackDuration = await track.getDurationFromMetadata();
  const duration = trackDuration ?? (await input.getDurationFromMetadata());
  // Frame times come with the header in MP4 alone; elsewhere, and in fragmented MP4, they are spread over the file.
  const frameRate = trackDuration === null ? undefined : await frameRateOf(track);
  return {
    kind: 'video',
    header: {
      container,
      ...(duration === null ? {} : { duration_s: duration }),
      video: {
        codec,
        width: await track.getDisplayWidth(),
        height: await track.getDisplayHeight(),
        rotation: await track.getRotation(),
        ...(frameRate === undefined ? {} : { frame_rate: frameRate }),
      },
    },
  };
}

async function frameRateOf(track: InputVideoTrack): Promise<number | undefined> {
  const rates = await track.computeFrameRateMetrics();
  if (rates.probedPacketCount < 2) return undefined;
  return rates.frameRateIsConstant ? rates.bestGuessFrameRate : rates.averageFrameRate;
}
