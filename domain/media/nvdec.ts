import type { Gpu } from './gpu.ts';
import type { VideoSource } from './source.ts';

/** What NVIDIA's decoder takes of one codec. */
interface Decodable {
  /** By ffprobe's names. */
  readonly profiles: readonly string[];
  readonly pixelFormats: readonly string[];
  /** Pixels of the longer side. */
  readonly maxSide: number;
  /** The generation that brought it. */
  readonly since: number;
}

const TURING = 7.5;
const AMPERE = 8.6;

const EIGHT_BITS = ['yuv420p'];
const TEN_BITS = [...EIGHT_BITS, 'yuv420p10le'];

/**
 * What every GPU of AWS with an encoder decodes. Blackwell's 4:2:2 and 10-bit H.264 is not among it.
 * https://developer.nvidia.com/video-encode-decode-support-matrix
 */
const DECODABLE: Readonly<Record<string, Decodable>> = {
  // Baseline itself has slices in any order, which it cannot follow.
  h264: {
    profiles: ['Constrained Baseline', 'Main', 'High', 'Progressive High', 'Constrained High'],
    pixelFormats: EIGHT_BITS,
    maxSide: 4096,
    since: TURING,
  },
  hevc: { profiles: ['Main', 'Main 10'], pixelFormats: TEN_BITS, maxSide: 8192, since: TURING },
  vp8: { profiles: ['0', '1', '2', '3'], pixelFormats: EIGHT_BITS, maxSide: 4096, since: TURING },
  vp9: { profiles: ['Profile 0', 'Profile 2'], pixelFormats: TEN_BITS, maxSide: 8192, since: TURING },
  av1: { profiles: ['Main'], pixelFormats: TEN_BITS, maxSide: 8192, since: AMPERE },
  mpeg2video: { profiles: ['Simple', 'Main'], pixelFormats: EIGHT_BITS, maxSide: 4080, since: TURING },
};

/** Smaller pictures are refused by some of the codecs' decoders. */
const MIN_SIDE = 144;

/** Whether a GPU can decode a stream. It is told from the probe, since ffmpeg falls back to software in mid-graph. */
export function decodesOnGpu(source: VideoSource, gpu: Gpu): boolean {
  const { codec, profile, pixelFormat, width, height } = source;
  const decodable = DECODABLE[codec];
  return (
    decodable !== undefined &&
    gpu.computeCapability >= decodable.since &&
    decodable.profiles.includes(profile ?? '') &&
    decodable.pixelFormats.includes(pixelFormat) &&
    Math.max(width, height) <= decodable.maxSide &&
    Math.min(width, height) >= MIN_SIDE
  );
}
