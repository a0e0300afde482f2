import type { Size } from '../media/source.ts';
import type { HostSpeeds } from './fleet.ts';
import type { Rendition } from './renditions.ts';

/** The frames that are to be encoded. */
export interface Footage {
  readonly frames: number;
  /** Pixels of the decoded pictures. */
  readonly size: Size;
}

const FULL_HD = 1920 * 1080;

/**
 * Seconds in which a host makes all renditions of some footage in one go.
 *
 * @param sideBySide parts of the footage that are encoded at the same time
 */
export function encodeSeconds(
  { frames, size }: Footage,
  renditions: readonly Rendition[],
  host: HostSpeeds,
  sideBySide = 1,
): number {
  const source = frames * weight(size);
  const decode = source / host.decode_fps;
  const scale = host.scale_fps === undefined ? 0 : source / host.scale_fps;
  const encodes = renditions.map(
    ({ settings }) => (frames * weight(settings.size)) / host.encode_fps[settings.preset],
  );
  const all = encodes.reduce((sum, seconds) => sum + seconds, 0);
  if (host.shares_processors) return decode + scale * renditions.length + all / host.engines;
  // One part is decoded by one decoder, and one output of it made by one engine.
  const decoding = decode / Math.min(host.decoders, sideBySide);
  const encoding = Math.max(all / host.engines, Math.max(...encodes) / sideBySide);
  return Math.max(decoding, scale * renditions.length, encoding);
}

/** How much dearer a frame is than one of 1080p. */
export function weight({ width, height }: Size): number {
  return (width * height) / FULL_HD;
}

/** To what fraction of the time more parts side by side must bring it to be worth the seams between them. */
const WORTH = 0.9;

/** Parts of the footage that a host had best encode at the same time. */
export function bestSideBySide(footage: Footage, renditions: readonly Rendition[], host: HostSpeeds): number {
  if (host.shares_processors) return 1;
  const most = Math.max(host.engines, host.decoders);
  const times = Array.from({ length: most }, (_, index) =>
    encodeSeconds(footage, renditions, host, index + 1),
  );
  const soonest = Math.min(...times);
  return times.findIndex((seconds) => seconds * WORTH <= soonest) + 1;
}
