import { describe, expect, it } from 'vitest';
import { effectiveRc, type RateControl, rateControl, unusedRateSettings } from '../../domain/rate-control.ts';
import type { RateControlName } from '../../domain/request/output.ts';

interface Words {
  rc?: RateControlName;
  qp?: number;
  cq?: number;
  bitrate_kbps?: number;
}

/** A request's words where those that are left out have their defaults. */
const words = (given: Words) => ({ qp: -1, cq: 0, ...given });

it.each<[RateControlName, Words]>([
  ['vbr', {}],
  ['vbr', { qp: -1 }],
  ['constqp', { qp: 0 }],
  ['constqp', { qp: 51 }],
  ['vbr', { cq: 20 }],
  ['cbr_hq', { rc: 'cbr_hq' }],
  ['constqp', { rc: 'constqp' }],
])('%s is what counts for %j', (rc, given) => {
  expect(effectiveRc(words(given))).toBe(rc);
});

describe('the words mean together', () => {
  const quality = (cq: number, capKbps?: number) => ({ mode: 'quality', cq, capKbps }) as const;

  it.each<[Words, RateControl]>([
    [{}, { ...quality(23), multipass: false }],
    [{ rc: 'vbr' }, { ...quality(23), multipass: false }],
    [{ rc: 'vbr_hq' }, { ...quality(23), multipass: true }],
    [{ cq: 30 }, { ...quality(30), multipass: false }],
    [
      { rc: 'vbr_hq', cq: 30, bitrate_kbps: 5000 },
      { ...quality(30, 5000), multipass: true },
    ],
    [{ bitrate_kbps: 5000 }, { mode: 'vbr', bitrateKbps: 5000, multipass: false }],
    [
      { rc: 'vbr_hq', bitrate_kbps: 5000 },
      { mode: 'vbr', bitrateKbps: 5000, multipass: true },
    ],
    [
      { rc: 'cbr', bitrate_kbps: 5000, cq: 30 },
      { mode: 'cbr', bitrateKbps: 5000, multipass: false },
    ],
    [
      { rc: 'cbr_hq', bitrate_kbps: 5000 },
      { mode: 'cbr', bitrateKbps: 5000, multipass: true },
    ],
    [{ qp: 0 }, { mode: 'constqp', qp: 0 }],
    [
      { rc: 'constqp', qp: 20, cq: 30, bitrate_kbps: 5000 },
      { mode: 'constqp', qp: 20 },
    ],
    [{ rc: 'constqp' }, { mode: 'constqp', qp: 23 }],
  ])('%j: %j', (given, expected) => {
    expect(rateControl(words(given))).toEqual(expected);
  });

  it.each<RateControlName>(['cbr', 'cbr_hq'])('%s without a bitrate is a fault of the caller', (rc) => {
    expect(() => rateControl(words({ rc }))).toThrow(RangeError);
  });
});

it.each<[Words, string[]]>([
  [{}, []],
  [{ rc: 'vbr', cq: 20, bitrate_kbps: 1 }, []],
  [{ qp: 20, bitrate_kbps: 1 }, ['bitrate_kbps']],
  [{ qp: 20, cq: 1 }, ['cq']],
  [{ rc: 'constqp' }, ['rc']],
  [{ rc: 'cbr', bitrate_kbps: 1, cq: 1 }, ['cq']],
])('%j has settings without effect: %j', (given, keys) => {
  expect(unusedRateSettings(words(given)).map(({ key }) => key)).toEqual(keys);
});
