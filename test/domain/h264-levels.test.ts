import { describe, expect, it } from 'vitest';
import {
  H264_LEVELS,
  type H264Level,
  type H264Profile,
  levelExceeded,
  levelRates,
  type StreamDemands,
} from '../../domain/h264-levels.ts';

it('the levels of the API are known, the lowest first', () => {
  expect(H264_LEVELS).toEqual(['4.0', '4.1', '4.2', '5.0', '5.1']);
});

describe('rates are those of table A-1, and in high 1.25 times as many', () => {
  it.each<[H264Level, H264Profile, number, number]>([
    ['4.0', 'baseline', 20_000, 25_000],
    ['4.0', 'main', 20_000, 25_000],
    ['4.0', 'high', 25_000, 31_250],
    ['4.1', 'main', 50_000, 62_500],
    ['4.1', 'high', 62_500, 78_125],
    ['4.2', 'main', 50_000, 62_500],
    ['4.2', 'high', 62_500, 78_125],
    ['5.0', 'main', 135_000, 135_000],
    ['5.0', 'high', 168_750, 168_750],
    ['5.1', 'main', 240_000, 240_000],
    ['5.1', 'high', 300_000, 300_000],
  ])('level %s, %s: %d kbit/s, %d kbit', (level, profile, maxBitrateKbps, maxCpbKbit) => {
    expect(levelRates(level, profile)).toEqual({ maxBitrateKbps, maxCpbKbit });
  });
});

describe('a stream fits a level', () => {
  it.each<[string, H264Level, H264Profile, StreamDemands]>([
    ['about which nothing is known', '4.0', 'high', {}],
    ['of which one side is known', '4.0', 'high', { width: 8192 }],
    ['of 8192 macroblocks', '4.0', 'high', { width: 2048, height: 1024 }],
    ['of 245760 macroblocks a second', '4.0', 'high', { width: 2048, height: 1024, frameRate: 30 }],
    ['of 1080p30', '4.1', 'high', { width: 1920, height: 1080, frameRate: 30 }],
    ['of 1080p60', '4.2', 'high', { width: 1920, height: 1080, frameRate: 60 }],
    ['of 8704 macroblocks', '4.2', 'high', { width: 2048, height: 1088 }],
    ['of 22080 macroblocks', '5.0', 'high', { width: 3680, height: 1536 }],
    ['of 2160p30', '5.1', 'high', { width: 3840, height: 2160, frameRate: 30 }],
    ['of 36864 macroblocks', '5.1', 'high', { width: 4096, height: 2304 }],
    ['of the highest bitrate', '4.0', 'main', { bitrateKbps: 20_000 }],
    ['of the highest bitrate in high', '4.0', 'high', { bitrateKbps: 25_000 }],
    ['of the longest side', '4.0', 'high', { width: 4096, height: 16 }],
  ])('%s: level %s, %s', (_, level, profile, demands) => {
    expect(levelExceeded(level, profile, demands)).toBeUndefined();
  });
});

describe('a stream exceeds a level', () => {
  it.each<[H264Level, H264Profile, StreamDemands, string]>([
    [
      '4.0',
      'high',
      { width: 2048, height: 1026 },
      '2048x1026 has 8320 macroblocks a frame and level 4.0 allows 8192',
    ],
    [
      '4.1',
      'high',
      { width: 2560, height: 1440 },
      '2560x1440 has 14400 macroblocks a frame and level 4.1 allows 8192',
    ],
    [
      '4.2',
      'high',
      { width: 2064, height: 1088 },
      '2064x1088 has 8772 macroblocks a frame and level 4.2 allows 8704',
    ],
    [
      '5.0',
      'high',
      { width: 3840, height: 2160 },
      '3840x2160 has 32400 macroblocks a frame and level 5.0 allows 22080',
    ],
    [
      '5.1',
      'high',
      { width: 4096, height: 2306 },
      '4096x2306 has 37120 macroblocks a frame and level 5.1 allows 36864',
    ],
    [
      '4.1',
      'high',
      { width: 1920, height: 1080, frameRate: 60 },
      '1920x1080 at 60 frames/s has 489600 macroblocks a second and level 4.1 allows 245760',
    ],
    [
      '5.1',
      'high',
      { width: 3840, height: 2160, frameRate: 60 },
      '3840x2160 at 60 frames/s has 1944000 macroblocks a second and level 5.1 allows 983040',
    ],
    ['4.0', 'high', { width: 4112, height: 16 }, '4112x16 is longer on one side than level 4.0 allows'],
    ['4.0', 'high', { width: 16, height: 4112 }, '16x4112 is longer on one side than level 4.0 allows'],
    [
      '4.0',
      'main',
      { bitrateKbps: 20_001 },
      '20001 kbit/s is more than the 20000 kbit/s that level 4.0 allows in the main profile',
    ],
    [
      '4.0',
      'high',
      { bitrateKbps: 25_001 },
      '25001 kbit/s is more than the 25000 kbit/s that level 4.0 allows in the high profile',
    ],
    [
      '5.1',
      'high',
      { bitrateKbps: 300_001, width: 16, height: 16 },
      '300001 kbit/s is more than the 300000 kbit/s that level 5.1 allows in the high profile',
    ],
  ])('level %s, %s, %j', (level, profile, demands, clause) => {
    expect(levelExceeded(level, profile, demands)).toBe(clause);
  });
});
