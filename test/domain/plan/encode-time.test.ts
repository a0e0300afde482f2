import { expect, it } from 'vitest';
import { bestSideBySide, encodeSeconds } from '../../../domain/plan/encode-time.ts';
import { gpuSpeeds } from '../../../domain/plan/gpu-speeds.ts';
import { FULL_HD, hostWith, ONE_FULL_HD, renditionsOf } from './support/planning.ts';

const footage = { frames: 1800, size: FULL_HD };
const ladder = renditionsOf(
  { resolution: '1920x1080', preset: 'medium' },
  { resolution: '960x540', preset: 'medium' },
);
const small = renditionsOf({ resolution: '192x108', preset: 'medium' });

it.each([
  ['frames / fps on one engine', ONE_FULL_HD, {}, 1, 6],
  ['an output of a quarter of the pixels in a quarter of the time', ladder, {}, 1, 7.5],
  ['as long as the largest output on one of two engines', ladder, { engines: 2 }, 1, 6],
  ['evenly on two engines by two parts side by side', ladder, { engines: 2 }, 2, 3.75],
  ['as long as decoding takes, where that is slower', ONE_FULL_HD, { decode_fps: 100 }, 1, 18],
  ['no less on two decoders where there is one part', ONE_FULL_HD, { decode_fps: 100, decoders: 2 }, 1, 18],
  ['half on two decoders by two parts', ONE_FULL_HD, { decode_fps: 100, decoders: 2 }, 2, 9],
  ['no less by more parts than there are decoders', ONE_FULL_HD, { decode_fps: 100, decoders: 2 }, 3, 9],
  ['as long as scaling takes, once for each output', ladder, { scale_fps: 100 }, 1, 36],
  [
    'one after another where processors are shared',
    ladder,
    { decode_fps: 100, scale_fps: 200, shares_processors: true },
    1,
    18 + 18 + 7.5,
  ],
])('takes %s', (_, renditions, speeds, sideBySide, seconds) => {
  expect(encodeSeconds(footage, renditions, hostWith(speeds), sideBySide)).toBeCloseTo(seconds, 9);
});

it.each([
  ['one on one engine', ladder, hostWith(), 1],
  ['as many as there are engines', ladder, hostWith({ engines: 2 }), 2],
  ['one where that saves too little', ladder, hostWith({ engines: 2, decode_fps: 305 }), 1],
  ['one where processors are shared', ladder, hostWith({ engines: 2, shares_processors: true }), 1],
  ['two for a ladder on an L4', ladder, gpuSpeeds('L4'), 2],
  ['as many as there are decoders where decoding is slowest', small, gpuSpeeds('L4'), 4],
  ['two where a T4 only decodes', small, gpuSpeeds('T4'), 2],
  ['one where a T4 encodes', ONE_FULL_HD, gpuSpeeds('T4'), 1],
])('encodes side by side %s', (_, renditions, host, parts) => {
  expect(bestSideBySide(footage, renditions, host)).toBe(parts);
});
