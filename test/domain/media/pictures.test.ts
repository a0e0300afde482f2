import { expect, it } from 'vitest';
import { largerPictures, type Picture } from '../../../domain/media/pictures.ts';

const picture = (size: string, interpolation: Picture['interpolation'] = 'cubic'): Picture => {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { size: { width, height }, interpolation };
};

const hd = { width: 1920, height: 1080 };

it.each<[string, Picture[], (number | undefined)[]]>([
  ['the source where it is alone', [picture('640x360')], [undefined]],
  [
    'the next larger one of a ladder',
    ['1920x1080', '1280x720', '854x480', '426x240'].map((size) => picture(size)),
    [undefined, 0, 1, 2],
  ],
  ['a larger one that comes later', [picture('640x360'), picture('1280x720')], [1, undefined]],
  [
    'one that is half as large again at the least',
    ['1280x720', '854x480', '640x360'].map((size) => picture(size)),
    [undefined, 0, 0],
  ],
  [
    'one that is so in both directions',
    [picture('1280x400'), picture('640x360'), picture('480x240')],
    [undefined, undefined, 0],
  ],
  [
    'the first of those that are the same',
    ['640x360', '1280x720', '640x360', '640x360'].map((size) => picture(size)),
    [1, undefined, 0, 0],
  ],
  [
    'one that is the same, even of nearest pixels',
    [picture('640x360', 'nn'), picture('640x360', 'nn'), picture('640x360')],
    [undefined, 0, undefined],
  ],
  [
    'one that is scaled in the same way',
    [picture('1280x720', 'lanczos'), picture('640x360', 'cubic'), picture('480x270', 'lanczos')],
    [undefined, undefined, 0],
  ],
  [
    'the source where its nearest pixels are wanted',
    [picture('1280x720', 'nn'), picture('640x360', 'nn')],
    [undefined, undefined],
  ],
  [
    'no picture that is larger than the source',
    [picture('3840x2160'), picture('1280x720'), picture('640x360')],
    [undefined, undefined, 1],
  ],
  [
    'no picture that is wider or higher than the source',
    [picture('2560x1000'), picture('1500x1200'), picture('640x360')],
    [undefined, undefined, undefined],
  ],
])('scales a picture from %s', (_, pictures, larger) => {
  expect(largerPictures(pictures, hd)).toEqual(larger);
});

it('takes a picture of an odd source, rounded up to even, for none that is larger than it', () => {
  const source = { width: 1919.4, height: 1079 };
  expect(largerPictures([picture('1920x1080'), picture('640x360')], source)).toEqual([undefined, 0]);
});
