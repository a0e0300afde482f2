import { expect, it } from 'vitest';
import { readFailure } from '../../../domain/media/ffmpeg-failure.ts';
import { parseProgress } from '../../../domain/media/progress.ts';

it.each([
  [
    'frame=125\nfps=60.1\nout_time_ms=4880011\nout_time=00:00:04.880011\nspeed=2.4x\nprogress=continue\n',
    { frames: 125, seconds: 4.880011 },
  ],
  ['frame=0\nout_time_us=N/A\nout_time_ms=N/A\nout_time=N/A\nprogress=continue\n', { frames: 0, seconds: 0 }],
  ['frame=   3\nout_time_ms=-80000\nprogress=continue\n', { frames: 3, seconds: 0 }],
  ['progress=end\n', { frames: 0, seconds: 0 }],
])('reads the report %j', (report, progress) => {
  expect(parseProgress(report)).toEqual(progress);
});

it.each([
  [
    '[h264_nvenc @ 0x55d0] InitializeEncoder failed: invalid param (8): Invalid Level.',
    'settings_rejected_by_encoder',
    'The encoder refuses the settings (InitializeEncoder failed: invalid param (8): Invalid Level).',
  ],
  [
    '[mov,mp4 @ 0x1] moov atom not found',
    'input_corrupt',
    'The input cannot be decoded: check that its upload was complete (moov atom not found).',
  ],
  [
    'http://127.0.0.1:4000/input: Invalid data found when processing input',
    'input_corrupt',
    'The input cannot be decoded: check that its upload was complete (Invalid data found when processing input).',
  ],
])('reads from %j why ffmpeg failed', (line, code, message) => {
  expect(readFailure(['something before', line, 'Conversion failed!'])).toMatchObject({ code, message });
});

it('does not guess what words mean that are not known', () => {
  expect(readFailure(['Segmentation fault'])).toBeUndefined();
});
