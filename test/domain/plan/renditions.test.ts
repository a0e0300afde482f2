import { expect, it } from 'vitest';
import { outputSize } from '../../../domain/plan/output-size.ts';
import { planRenditions } from '../../../domain/plan/renditions.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { requestWith } from '../../support/requests.ts';

const fullHd = { width: 1920, height: 1080 };

it.each([
  ['both sides given', { width: 640, height: 640 }, fullHd, '640x640'],
  ['the height open', { width: 1280, height: undefined }, fullHd, '1280x720'],
  ['the width open', { width: undefined, height: 720 }, fullHd, '1280x720'],
  ['both open', { width: undefined, height: undefined }, fullHd, '1920x1080'],
  ['an odd result rounded', { width: 320, height: undefined }, { width: 854, height: 480 }, '320x180'],
  [
    'a result between two even numbers',
    { width: undefined, height: 240 },
    { width: 3026, height: 1386 },
    '524x240',
  ],
  ['an odd source', { width: undefined, height: undefined }, { width: 301, height: 137 }, '302x138'],
  ['an upright source', { width: undefined, height: 720 }, { width: 1080, height: 1920 }, '406x720'],
  ['a fractional source', { width: undefined, height: undefined }, { width: 853.3, height: 480 }, '854x480'],
  ['a very wide source', { width: 16, height: undefined }, { width: 4000, height: 20 }, '16x2'],
])('sizes an output with %s', (_, resolution, display, size) => {
  const { width, height } = outputSize(resolution, display);
  expect(`${width}x${height}`).toBe(size);
});

function plan(outputs: object[], display = fullHd, frameRate: number | undefined = 25) {
  const { request } = parseJobRequest(JSON.stringify(requestWith({ outputs })));
  return planRenditions(request.outputs, { display, frameRate });
}

it.each([
  [
    'a side that becomes too long',
    [{ resolution: '-1x1080' }],
    { width: 6000, height: 1080 },
    25,
    'outputs[0].resolution comes to 6000x1080 for this input, and sides must have 16 to 4096 pixels; give both sides',
  ],
  [
    'a side that becomes too short',
    [{ resolution: '64x-1' }],
    { width: 1920, height: 100 },
    25,
    'outputs[0].resolution comes to 64x4 for this input, and sides must have 16 to 4096 pixels; give both sides',
  ],
  [
    'a level that is too low for the size',
    [{}, { resolution: '-1x-1', level: '4.1' }],
    { width: 3840, height: 2160 },
    25,
    'outputs[1].level is too low for this input: 3840x2160 has 32400 macroblocks a frame and level 4.1 allows 8192; use a higher level or auto',
  ],
  [
    'a level that is too low for the rate',
    [{ resolution: '-1x-1', level: '4.1' }],
    fullHd,
    60,
    'outputs[0].level is too low for this input: 1920x1080 at 60 frames/s has 489600 macroblocks a second and level 4.1 allows 245760; use a higher level or auto',
  ],
])('refuses %s', (_, outputs, display, frameRate, message) => {
  expect(() => plan(outputs, display, frameRate)).toThrow(
    expect.objectContaining({ code: 'settings_rejected_by_encoder', status: 422, message }),
  );
});

it('tells of every output that is impossible', () => {
  expect(() =>
    plan(
      [
        { resolution: '-1x-1', level: 4 },
        { resolution: '-1x-1', level: 5 },
      ],
      { width: 4096, height: 4096 },
    ),
  ).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({ path: 'outputs[0].level' }),
        expect.objectContaining({ path: 'outputs[1].level' }),
      ],
    }),
  );
});
