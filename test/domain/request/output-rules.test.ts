import { describe, expect, it } from 'vitest';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { outputWith, refusalsOfOutput, requestWith } from './requests.ts';

type Settings = Record<string, unknown>;

function warningsOf(...outputs: Settings[]): readonly string[] {
  const numbered = outputs.map((settings, index) => outputWith({ dest_path: `${index}.mp4`, ...settings }));
  return parseJobRequest(JSON.stringify(requestWith({ outputs: numbered }))).warnings;
}

describe('refused together', () => {
  it.each<[string, Settings]>([
    ['qp cannot be used with rc vbr; leave rc out or set it to constqp', { qp: 20, rc: 'vbr' }],
    ['qp cannot be used with rc vbr_hq; leave rc out or set it to constqp', { qp: 0, rc: 'vbr_hq' }],
    [
      'qp cannot be used with rc cbr_hq; leave rc out or set it to constqp',
      { qp: '20', rc: 'cbr_hq', bitrate_kbps: 1 },
    ],
    ['bitrate_kbps is required with rc cbr', { rc: 'cbr' }],
    ['bitrate_kbps is required with rc cbr_hq', { rc: 'cbr_hq', cq: 20 }],
    ['bitrate_kbps must be a whole number from 1 to 800000 kbit/s', { rc: 'cbr', bitrate_kbps: 'fast' }],
    [
      'coder cannot be cabac with profile baseline; use cavlc, or profile main or high',
      { coder: 'cabac', profile: 'baseline' },
    ],
    [
      'level is too low: 2560x1440 has 14400 macroblocks a frame and level 4.1 allows 8192; use a higher level or auto',
      { level: '4.1', resolution: '2560x1440' },
    ],
    [
      'level is too low: 25001 kbit/s is more than the 25000 kbit/s that level 4.0 allows in the high profile; use a higher level or auto',
      { level: 4, bitrate_kbps: 25_001 },
    ],
    [
      'level is too low: 20001 kbit/s is more than the 20000 kbit/s that level 4.0 allows in the main profile; use a higher level or auto',
      { level: 4, profile: 'main', bitrate_kbps: 20_001, resolution: '-1x720' },
    ],
    [
      'level is too low: 20001 kbit/s is more than the 20000 kbit/s that level 4.0 allows in the baseline profile; use a higher level or auto',
      { level: 4, profile: 'baseline', bitrate_kbps: 20_001, cq: 30 },
    ],
  ])('%s', (message, settings) => {
    expect(refusalsOfOutput(settings)).toEqual([`outputs[0].${message}`]);
  });
});

describe('accepted together', () => {
  it.each<[string, Settings]>([
    ['a qp and no rc', { qp: 20 }],
    ['a qp and constqp', { qp: 0, rc: 'constqp' }],
    ['a qp that is off and any rc', { qp: -1, rc: 'vbr' }],
    ['cbr and a bitrate', { rc: 'cbr', bitrate_kbps: 5000 }],
    ['vbr with neither bitrate nor cq', { rc: 'vbr' }],
    ['vbr with a bitrate and a cq', { rc: 'vbr', bitrate_kbps: 5000, cq: 20 }],
    ['cavlc and baseline', { coder: 'cavlc', profile: 'baseline' }],
    ['baseline and no coder', { profile: 'baseline' }],
    ['cavlc and high', { coder: 'cavlc' }],
    ['cabac and main', { coder: 'cabac', profile: 'main' }],
    ['the largest picture of level 4.1', { level: 4.1, resolution: '2048x1024' }],
    ['the largest picture of level 5.1', { level: 5.1, resolution: '4096x2304' }],
    ['the highest bitrate of level 4.0 in high', { level: 4, bitrate_kbps: 25_000 }],
    ['the highest bitrate of level 4.0 in main', { level: 4, profile: 'main', bitrate_kbps: 20_000 }],
    ['any bitrate that has no effect', { level: 4, qp: 20, bitrate_kbps: 100_000 }],
    ['a level and a side that is left open', { level: 4, resolution: '4096x-1' }],
    ['any size and auto', { level: 'auto', resolution: '4096x4096', bitrate_kbps: 800_000 }],
  ])('%s', (_, settings) => {
    expect(refusalsOfOutput(settings)).toEqual([]);
  });
});

it('rules look at the settings that are valid, while others are refused for themselves', () => {
  const settings = { level: '4.1', resolution: '3840x2160', profile: 'high', preset: 'slowest', cq: 52 };
  expect(refusalsOfOutput(settings)).toEqual([
    'outputs[0].preset must be slow, medium, fast, hp, hq, ll, llhq or llhp',
    'outputs[0].cq must be a whole number from 0 to 51',
    'outputs[0].level is too low: 3840x2160 has 32400 macroblocks a frame and level 4.1 allows 8192; use a higher level or auto',
  ]);
});

describe('warnings', () => {
  it.each<[string, Settings, string[]]>([
    ['none', { rc: 'vbr', bitrate_kbps: 5000, cq: 20 }, []],
    ['none for what is off', { rc: 'cbr', bitrate_kbps: 5000, cq: 0, qp: -1 }, []],
    [
      'a bitrate with constqp',
      { rc: 'constqp', qp: 20, bitrate_kbps: 5000 },
      ['bitrate_kbps has no effect with rc constqp'],
    ],
    [
      'a bitrate with a qp alone',
      { qp: '20', bitrate_kbps: '5000' },
      ['bitrate_kbps has no effect with rc constqp'],
    ],
    ['a cq with constqp', { qp: 20, cq: 20 }, ['cq has no effect with rc constqp']],
    ['a cq with cbr', { rc: 'cbr', bitrate_kbps: 5000, cq: 20 }, ['cq has no effect with rc cbr']],
    ['a cq with cbr_hq', { rc: 'cbr_hq', bitrate_kbps: 5000, cq: 20 }, ['cq has no effect with rc cbr_hq']],
    ['constqp without a qp', { rc: 'constqp' }, ['rc is constqp without a qp; 23 is used']],
    [
      'several',
      { rc: 'constqp', bitrate_kbps: 5000, cq: 20 },
      [
        'bitrate_kbps has no effect with rc constqp',
        'rc is constqp without a qp; 23 is used',
        'cq has no effect with rc constqp',
      ],
    ],
  ])('%s', (_, settings, expected) => {
    expect(warningsOf(settings)).toEqual(expected.map((warning) => `outputs[0].${warning}`));
  });

  it('name the output', () => {
    expect(warningsOf({}, { qp: 20, cq: 20 }, {}, { qp: 20, bitrate_kbps: 5 })).toEqual([
      'outputs[1].cq has no effect with rc constqp',
      'outputs[3].bitrate_kbps has no effect with rc constqp',
    ]);
  });
});
