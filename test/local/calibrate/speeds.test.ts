import { expect, it } from 'vitest';
import { encodeSeconds } from '../../../domain/plan/encode-time.ts';
import { PRESETS } from '../../../domain/request/output.ts';
import { ladderRenditions } from '../../../local/bench/ladder.ts';
import { hostSpeeds, speedsOf, type TimedJob } from '../../../local/calibrate/speeds.ts';

const renditions = ladderRenditions('hp', 24);
const weight =
  renditions.reduce((sum, { settings }) => sum + settings.size.width * settings.size.height, 0) /
  (1920 * 1080);
const encode = Object.fromEntries(PRESETS.map((preset) => [preset, 6])) as Record<
  (typeof PRESETS)[number],
  number
>;
const timed = { cores: 2, frames: 72, weight, renditions: 4, decodeCpu: 1, scaleCpu: 3, encode };
const host = hostSpeeds('2 cores', timed);
const footage = { frames: 72, size: { width: 1920, height: 1080 } };

it('expects of the same clip what it has taken', () => {
  expect(encodeSeconds(footage, renditions, host)).toBeCloseTo(6);
  expect(encodeSeconds({ ...footage, frames: 720 }, renditions, host)).toBeCloseTo(60);
});

it('tells decoding, scaling and encoding apart', () => {
  expect(host.decode_fps).toBe(144);
  expect(host.scale_fps).toBe(288);
  expect(host.encode_fps.hp).toBeCloseTo((72 * weight) / (6 - 1.5));
});

const job = (seconds: number, packaging: number, bytes: number): TimedJob => ({
  frames: 72,
  renditions,
  seconds,
  packaging,
  bytes,
});

it('tells the start of a job from what its bytes take', () => {
  const speeds = speedsOf(host, job(9, 1, 10e6), job(99, 5, 90e6));
  expect(speeds.package_bytes_per_s).toBe(20e6);
  expect(speeds.start_s).toBeCloseTo(9 - 6 - 0.5);
});

it('makes nothing up where large files took no longer than small ones, or a job no longer than its encoding', () => {
  const speeds = speedsOf(host, job(5, 1, 10e6), job(9, 1, 90e6));
  expect(speeds).toMatchObject({ package_bytes_per_s: 1e9, start_s: 0 });
});
