import { expect, it } from 'vitest';
import { presentationEnd } from '../../../domain/media/presentation-end.ts';
import type { PromisedDuration } from '../../../domain/media/source.ts';
import { mediaSource, videoSource } from './sources.ts';

const at25 = (duration: PromisedDuration | undefined, frames?: number) =>
  mediaSource({ duration, video: videoSource({ frameRate: 25, frames }) });
const tenSeconds: PromisedDuration = { seconds: 10, of: 'stream' };

it.each([
  ['all is there', at25(tenSeconds), { frames: 250, lastPicture: 9.96 }, 10],
  ['all is there but for rounding', at25(tenSeconds), { frames: 250, lastPicture: 9.9599 }, 10],
  ['the last picture is shown for two seconds', at25(tenSeconds, 63), { frames: 63, lastPicture: 8 }, 10],
  ['a frame of thousands is missing', at25(tenSeconds), { frames: 249, lastPicture: 9.92 }, 9.96],
  ['more is there than was promised', at25(tenSeconds), { frames: 300, lastPicture: 11.96 }, 12],
  [
    'the promise is of another stream',
    at25({ seconds: 12, of: 'file' }),
    { frames: 250, lastPicture: 9.96 },
    10,
  ],
  ['nothing was promised', at25(undefined), { frames: 250, lastPicture: 9.96 }, 10],
])('finds the end where %s', (_, source, times, end) => {
  expect(presentationEnd(source, times)).toBeCloseTo(end, 6);
});

it.each([
  ['frames are not counted', at25(tenSeconds), { frames: 248, lastPicture: 9.9 }],
  ['frames are missing too', at25(tenSeconds, 250), { frames: 125, lastPicture: 4.96 }],
])('calls an input cut short where %s', (_, source, times) => {
  expect(() => presentationEnd(source, times)).toThrow(
    expect.objectContaining({ code: 'input_corrupt', message: expect.stringContaining('promises 10.00 s') }),
  );
});
