import { describe, expect, it } from 'vitest';
import { INTERPOLATIONS, PRESETS, RATE_CONTROLS } from '../../../domain/request/output.ts';
import { parsedOutput, refusalsOfOutput } from './requests.ts';

/** Fields that a value needs beside it to be accepted. */
const beside: Record<string, object> = {
  cbr: { bitrate_kbps: 5000 },
  cbr_hq: { bitrate_kbps: 5000 },
};

describe.each<[string, readonly string[], string]>([
  ['codec', ['h264'], 'h264'],
  [
    'preset',
    ['slow', 'medium', 'fast', 'hp', 'hq', 'll', 'llhq', 'llhp'],
    'slow, medium, fast, hp, hq, ll, llhq or llhp',
  ],
  ['profile', ['baseline', 'main', 'high'], 'baseline, main or high'],
  ['rc', ['constqp', 'vbr', 'vbr_hq', 'cbr', 'cbr_hq'], 'constqp, vbr, vbr_hq, cbr or cbr_hq'],
  ['coder', ['cabac', 'cavlc'], 'cabac or cavlc'],
  ['scale_interp_algo', ['nn', 'linear', 'cubic', 'lanczos'], 'nn, linear, cubic or lanczos'],
])('%s', (key, words, alternatives) => {
  it.each(words)('may be %s', (word) => {
    expect(parsedOutput({ ...beside[word], [key]: word })).toMatchObject({ [key]: word });
  });

  it.each([
    '',
    ' ',
    words[0]?.toUpperCase(),
    `${words[0]} `,
    'x',
    'constructor',
    1,
    null,
    true,
    [words[0]],
    {},
  ])('may not be %j', (value) => {
    expect(refusalsOfOutput({ [key]: value })).toEqual([`outputs[0].${key} must be ${alternatives}`]);
  });
});

it('the words that the rest of the code knows are those of the API', () => {
  expect([PRESETS.length, RATE_CONTROLS.length, INTERPOLATIONS.length]).toEqual([8, 5, 4]);
});

it('settings that are left out have their defaults', () => {
  expect(parsedOutput({})).toEqual({
    codec: 'h264',
    resolution: { width: 1280, height: 720 },
    dest_path: 'out/720.mp4',
    scale_interp_algo: 'cubic',
    preset: 'medium',
    profile: 'high',
    level: 'auto',
    cq: 0,
    qp: -1,
  });
});

describe.each<[string, number, number, string]>([
  ['bitrate_kbps', 1, 800_000, 'must be a whole number from 1 to 800000 kbit/s'],
  ['cq', 0, 51, 'must be a whole number from 0 to 51'],
  ['qp', -1, 51, 'must be a whole number from -1 to 51'],
])('%s', (key, min, max, message) => {
  it.each<[unknown, number]>([
    [min, min],
    [max, max],
    [String(min), min],
    [String(max), max],
    [` ${max} `, max],
    [`00${max}`, max],
    [`+${max}`, max],
    [10.0, 10],
  ])('may be %j', (value, expected) => {
    expect(parsedOutput({ [key]: value })).toMatchObject({ [key]: expected });
  });

  it.each<unknown>([
    min - 1,
    max + 1,
    String(min - 1),
    String(max + 1),
    5.5,
    '5.5',
    '5e0',
    '0x10',
    '1_0',
    '1,0',
    '5 0',
    '',
    ' ',
    '-',
    'NaN',
    'Infinity',
    '9'.repeat(400),
    true,
    null,
    [5],
    {},
  ])('may not be %j', (value) => {
    expect(refusalsOfOutput({ [key]: value })).toEqual([`outputs[0].${key} ${message}`]);
  });
});

describe('level', () => {
  it.each<[unknown, string]>([
    ['auto', 'auto'],
    [4, '4.0'],
    [4.0, '4.0'],
    ['4', '4.0'],
    ['4.0', '4.0'],
    ['4.1', '4.1'],
    [4.1, '4.1'],
    ['4.2', '4.2'],
    [4.2, '4.2'],
    [5, '5.0'],
    ['5', '5.0'],
    ['5.0', '5.0'],
    ['5.1', '5.1'],
    [5.1, '5.1'],
  ])('%j is level %s', (level, expected) => {
    expect(parsedOutput({ level })).toMatchObject({ level: expected });
  });

  it.each<unknown>([
    9.9,
    '9.9',
    4.3,
    '4.3',
    '5.2',
    5.2,
    3,
    '3.1',
    '3.0',
    0,
    -4,
    41,
    '41',
    '4.',
    '.4',
    '4.00',
    '4.1.0',
    'Auto',
    '',
    ' 4',
    '4.1 ',
    null,
    true,
    [4],
    {},
  ])('%j is none', (level) => {
    expect(refusalsOfOutput({ level })).toEqual([
      'outputs[0].level must be auto, 4, 4.0, 4.1, 4.2, 5, 5.0 or 5.1',
    ]);
  });
});

describe('resolution', () => {
  it.each<[string, number | undefined, number | undefined]>([
    ['1920x1080', 1920, 1080],
    ['1080x1920', 1080, 1920],
    ['16x16', 16, 16],
    ['4096x4096', 4096, 4096],
    ['-1x720', undefined, 720],
    ['1280x-1', 1280, undefined],
    ['-1x-1', undefined, undefined],
  ])('%s is understood', (resolution, width, height) => {
    expect(parsedOutput({ resolution }).resolution).toEqual({ width, height });
  });

  it.each<unknown>([
    '1919x1080',
    '1920x1081',
    '15x16',
    '14x16',
    '16x14',
    '-1x15',
    '15x-1',
    '0x0',
    '0x720',
    '-1x0',
    '4098x16',
    '16x4098',
    '100000x16',
    '-2x720',
    '1280x-2',
    '--1x720',
    '1920X1080',
    '1920x1080 ',
    ' 1920x1080',
    '1920x1080\n',
    '1920 x 1080',
    '1920×1080',
    '1920*1080',
    '1920x1080x1',
    '1920.0x1080',
    '1e3x720',
    '+1920x1080',
    '1920',
    '1920x',
    'x1080',
    'x',
    '',
    '1080p',
    '٣٢x16',
    1920,
    [1920, 1080],
    null,
    {},
  ])('%j is refused', (resolution) => {
    expect(refusalsOfOutput({ resolution })).toEqual([
      'outputs[0].resolution must be WIDTHxHEIGHT with even sides of 16 to 4096 pixels, or -1 for a side that follows the aspect ratio',
    ]);
  });
});

describe('dest_path', () => {
  it.each<[string, string]>([
    ['one character', 'a'],
    ['folders', 'full/path/to/vid_1080.mp4'],
    ['a slash at its end', 'folder/'],
    ['spaces and unicode', 'Größe/日本 ❤.mp4'],
    ['1024 bytes', 'x'.repeat(1024)],
    ['1024 bytes in 512 characters', 'ü'.repeat(512)],
    ['1024 bytes in 256 characters', '😀'.repeat(256)],
  ])('may have %s', (_, dest_path) => {
    expect(parsedOutput({ dest_path })).toMatchObject({ dest_path });
  });

  it.each<[string, unknown]>([
    ['nothing in it', ''],
    ['a slash first', '/a.mp4'],
    ['1025 bytes', 'x'.repeat(1025)],
    ['1025 bytes in 513 characters', `${'ü'.repeat(512)}x`],
    ['half a surrogate pair', 'a\ud83d.mp4'],
    ['another type', 5],
    ['a list', ['a.mp4']],
    ['null', null],
  ])('may not have %s', (_, dest_path) => {
    expect(refusalsOfOutput({ dest_path })).toEqual([
      'outputs[0].dest_path must be an S3 key of 1 to 1024 bytes of UTF-8 that does not start with a slash',
    ]);
  });
});
