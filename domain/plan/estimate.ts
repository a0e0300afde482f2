import type { RateControl } from '../rate-control.ts';
import type { Fleet } from './fleet.ts';
import type { Rendition } from './renditions.ts';

/** What a job is expected to come to. */
export interface Estimate {
  /** From the start of its first worker, on machines that run, to the upload of its last file. */
  readonly seconds: number;
  /** Seconds for which GPUs are taken, or in their place the processors that encode. */
  readonly encoding_seconds: number;
  /** US dollars for them. */
  readonly usd: number;
}

/** The work that is shared out. */
export interface Work {
  /** Seconds of encoding on one machine. */
  readonly encodeSeconds: number;
  /** What part of it the worker has that has most: cuts are seconds apart, so the shares are not all alike. */
  readonly busiestShare: number;
  /** Of all outputs. */
  readonly bytes: number;
}

/**
 * What a job is expected to take and cost.
 *
 * @param children how many workers encode it; where there are not enough machines for all, some wait for others to end
 */
export function estimate(
  { encodeSeconds, busiestShare, bytes }: Work,
  children: number,
  fleet: Fleet,
): Estimate {
  const { hosts, start_s, package_bytes_per_s, usd_per_hour } = fleet;
  const rounds = Math.ceil(children / hosts);
  const encoding = rounds * (start_s + encodeSeconds * busiestShare);
  const packaging = bytes / package_bytes_per_s;
  // Who packages what others have encoded has to start, too.
  const seconds = encoding + packaging + (children > 1 ? start_s : 0);
  const busy = encodeSeconds + children * start_s + (children > 1 ? 0 : packaging);
  return { seconds, encoding_seconds: busy, usd: (busy / 3600) * usd_per_hour };
}

/** Bits of a pixel where nothing says how many: what cq 23 comes to for films, roughly. */
const USUAL_BITS = 0.05;

/** Bytes that a rendition is expected to have. */
export function expectedBytes({ settings }: Rendition, seconds: number, frames: number): number {
  const kbps = targetKbps(settings.rateControl);
  if (kbps !== undefined) return (kbps * 1000 * seconds) / 8;
  return (frames * settings.size.width * settings.size.height * USUAL_BITS) / 8;
}

function targetKbps(rateControl: RateControl): number | undefined {
  if (rateControl.mode === 'constqp') return undefined;
  return rateControl.mode === 'quality' ? rateControl.capKbps : rateControl.bitrateKbps;
}
