import { expect, it } from 'vitest';
import { resultTable } from '../../../local/demo/table.ts';
import { jobWith } from './jobs.ts';

const made = {
  status: 'complete' as const,
  width: 1280,
  height: 720,
  size: 2_540_000,
  codec: 'h264' as const,
  profile: 'High',
  level: '3.1',
  bitrate_kbps: 2499,
  frames: 240,
  duration: 8,
  encoder: 'libx264' as const,
};

it('tells of each file what it is, and how fast they were made', () => {
  const outputs = [
    { dest_path: 'video_720.mp4', ...made },
    { dest_path: 'video_1080.mp4', ...made, width: 1920, height: 1080, level: '4.0', size: 10_000_000 },
  ];
  const job = jobWith({ status: 'complete', outputs, timings: { started: 1, encoded: 5 } });
  expect(resultTable(job)).toBe(
    `
  file            size       MB    codec  profile   kbit/s  frames  encoder  x realtime
  video_720.mp4   1280x720   2.5   h264   High@3.1  2499    240     libx264  2.0
  video_1080.mp4  1920x1080  10.0  h264   High@4.0  2499    240     libx264  2.0`.slice(1),
  );
});

it('tells of a file that failed why', () => {
  const error = { code: 'input_corrupt', message: 'The input promises 2 s.', retryable: false } as const;
  const outputs = [{ dest_path: 'video_720.mp4', status: 'error' as const, error }];
  expect(resultTable(jobWith({ status: 'error', outputs }))).toContain(
    'video_720.mp4  error  The input promises 2 s.',
  );
});
