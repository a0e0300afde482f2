import { expect, it } from 'vitest';
import { averageFrameDuration, presentationEnd } from '../../../domain/media/presentation-end.ts';
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
  ['the input tells it', { frameRate: 50 }, { frames: 250, lastPicture: 9.96 }, 0.02],
  ['only the frames tell it', { frameRate: undefined }, { frames: 6, lastPicture: 10 }, 2],
  ['there is but one frame', { frameRate: undefined }, { frames: 1, lastPicture: 0 }, 0.04],
])('finds how long a frame lasts where %s', (_, video, times, duration) => {
  expect(averageFrameDuration(video, times)).toBeCloseTo(duration, 9);
});

it('shows the last frame as long as the others where the input does not tell', () => {
  const source = mediaSource({ duration: undefined, video: videoSource({ frameRate: undefined }) });
  expect(presentationEnd(source, { frames: 6, lastPicture: 10 })).toBeCloseTo(12, 9);
});

it.each([
  ['frames are not counted', at25(tenSeconds), { frames: 248, lastPicture: 9.9 }],
  ['frames are missing too', at25(tenSeconds, 250), { frames: 125, lastPicture: 4.96 }],
])('calls an input cut short where %s', (_, source, times) => {
  expect(() => presentationEnd(source, times)).toThrow(
    expect.objectContaining({ code: 'input_corrupt', message: expect.stringContaining('promises 10.00 s') }),
  );
});
