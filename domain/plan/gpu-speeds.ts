import type { Preset } from '../request/output.ts';
import type { HostSpeeds } from './fleet.ts';

/** The GPUs that speeds are known of. */
export type GpuName = 'T4' | 'A10G' | 'L4' | 'L40S';

/**
 * Frames of 1080p a second that one engine makes and takes of H.264, from NVIDIA's application notes, with the encoder's
 * clock in MHz as it was there and as it is in these GPUs: speeds go with it.
 * https://docs.nvidia.com/video-technologies/video-codec-sdk/12.2/nvenc-application-note/
 */
const MEASURED = {
  T4: { p1: 833, p3: 602, p5: 264, p7: 207, decode: 771, measuredMHz: 1950, MHz: 1470 },
  A10G: { p1: 846, p3: 617, p5: 266, p7: 213, decode: 748, measuredMHz: 1950, MHz: 1500 },
  L4: { p1: 885, p3: 647, p5: 283, p7: 211, decode: 903, measuredMHz: 2415, MHz: 1770 },
  L40S: { p1: 885, p3: 647, p5: 283, p7: 211, decode: 903, measuredMHz: 2415, MHz: 2415 },
} as const satisfies Record<GpuName, object>;

/** How many NVENCs and NVDECs they have: https://developer.nvidia.com/video-encode-decode-support-matrix */
const CIRCUITS: Readonly<Record<GpuName, Pick<HostSpeeds, 'engines' | 'decoders'>>> = {
  T4: { engines: 1, decoders: 2 },
  A10G: { engines: 1, decoders: 2 },
  L4: { engines: 2, decoders: 4 },
  L40S: { engines: 3, decoders: 3 },
};

/** What a pass before the real one costs: assumed, not measured. */
const FULL_PASS = 0.5;
const QUARTER_PASS = 0.8;

/** The speeds of a host with one of these GPUs. Presets are NVENC's as domain/encoders/h264-nvenc.ts chooses them. */
export function gpuSpeeds(name: GpuName): HostSpeeds {
  const { p1, p3, p5, p7, decode, measuredMHz, MHz } = MEASURED[name];
  const clock = MHz / measuredMHz;
  const [p2, p4, p6] = [between(p1, p3), between(p3, p5), between(p5, p7)];
  const atFullClock: Record<Preset, number> = {
    slow: p6 * FULL_PASS,
    medium: p4,
    fast: p2,
    hp: p1,
    hq: p5 * QUARTER_PASS,
    ll: p4,
    llhq: p6,
    llhp: p1,
  };
  const encode = Object.entries(atFullClock).map(([preset, rate]) => [preset, rate * clock]);
  return {
    name,
    decode_fps: decode * clock,
    encode_fps: Object.fromEntries(encode) as HostSpeeds['encode_fps'],
    ...CIRCUITS[name],
    shares_processors: false,
  };
}

/** The speed of the preset between two whose speeds are known. */
function between(faster: number, slower: number): number {
  return Math.sqrt(faster * slower);
}
