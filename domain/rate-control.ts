import type { OutputRequest } from './request/output.ts';

/** The quality that vbr aims at when the request gives neither a bitrate nor a quality. */
const DEFAULT_CQ = 23;

/** How an encoder spends bits. Rates in kbit/s; `cq` and `qp` on H.264's scale of 0 (best) to 51. */
export type RateControl =
  | { readonly mode: 'constqp'; readonly qp: number }
  | { readonly mode: 'cbr'; readonly bitrateKbps: number; readonly multipass: boolean }
  | { readonly mode: 'vbr'; readonly bitrateKbps: number; readonly multipass: boolean }
  /** Constant quality; `capKbps` is the bitrate around which the peaks are capped. */
  | {
      readonly mode: 'quality';
      readonly cq: number;
      readonly capKbps: number | undefined;
      readonly multipass: boolean;
    };

type RateWords = Pick<OutputRequest, 'rc' | 'qp' | 'cq' | 'bitrate_kbps'>;

/** The `rc` that counts: as given, else constqp where there is a qp, else vbr. */
export function effectiveRc({ rc, qp }: Pick<OutputRequest, 'rc' | 'qp'>): NonNullable<OutputRequest['rc']> {
  return rc ?? (qp >= 0 ? 'constqp' : 'vbr');
}

/**
 * What rc, qp, cq and bitrate_kbps mean together.
 *
 * @throws RangeError for cbr without a bitrate, which the request's rules refuse
 */
export function rateControl(words: RateWords): RateControl {
  const rc = effectiveRc(words);
  const { qp, cq, bitrate_kbps: bitrateKbps } = words;
  const multipass = rc === 'vbr_hq' || rc === 'cbr_hq';
  if (rc === 'constqp') return { mode: 'constqp', qp: qp >= 0 ? qp : DEFAULT_CQ };
  if (rc === 'cbr' || rc === 'cbr_hq') {
    if (bitrateKbps === undefined) throw new RangeError('cbr needs a bitrate');
    return { mode: 'cbr', bitrateKbps, multipass };
  }
  if (cq > 0) return { mode: 'quality', cq, capKbps: bitrateKbps, multipass };
  if (bitrateKbps !== undefined) return { mode: 'vbr', bitrateKbps, multipass };
  return { mode: 'quality', cq: DEFAULT_CQ, capKbps: undefined, multipass };
}

/** Settings of an output that its rate control does not use, each with the reason. */
export function unusedRateSettings(words: RateWords): { key: keyof RateWords; why: string }[] {
  const rc = effectiveRc(words);
  const unused: { key: keyof RateWords; why: string }[] = [];
  if (rc === 'constqp' && words.bitrate_kbps !== undefined) {
    unused.push({ key: 'bitrate_kbps', why: 'has no effect with rc constqp' });
  }
  if (rc === 'constqp' && words.qp < 0) {
    unused.push({ key: 'rc', why: `is constqp without a qp; ${DEFAULT_CQ} is used` });
  }
  if (words.cq > 0 && (rc === 'constqp' || rc.startsWith('cbr'))) {
    unused.push({ key: 'cq', why: `has no effect with rc ${rc}` });
  }
  return unused;
}
