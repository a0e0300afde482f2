import { expect, it } from 'vitest';
import { parseGpu } from '../../../domain/media/gpu.ts';
import { decodesOnGpu } from '../../../domain/media/nvdec.ts';
import type { VideoSource } from '../../../domain/media/source.ts';
import { videoSource } from './sources.ts';

const GPUS = {
  T4: { name: 'Tesla T4', computeCapability: 7.5 },
  A10G: { name: 'NVIDIA A10G', computeCapability: 8.6 },
  L4: { name: 'NVIDIA L4', computeCapability: 8.9 },
};

const av1 = { codec: 'av1', profile: 'Main' };
const all = ['T4', 'A10G', 'L4'];

it.each<[string, Partial<VideoSource>, string[]]>([
  ['H.264 High', {}, all],
  ['H.264 Main', { profile: 'Main' }, all],
  ['H.264 Constrained Baseline', { profile: 'Constrained Baseline' }, all],
  ['H.264 Baseline', { profile: 'Baseline' }, []],
  ['H.264 of an unknown profile', { profile: undefined }, []],
  ['H.264 in 10 bits', { profile: 'High 10', pixelFormat: 'yuv420p10le' }, []],
  ['H.264 in 4:2:2', { profile: 'High 4:2:2', pixelFormat: 'yuv422p' }, []],
  ['H.264 in 4:2:2 and 10 bits', { profile: 'High 4:2:2', pixelFormat: 'yuv422p10le' }, []],
  ['H.264 in 4:4:4', { profile: 'High 4:4:4 Predictive', pixelFormat: 'yuv444p' }, []],
  ['H.264 as wide as it may be', { width: 4096, height: 2160 }, all],
  ['H.264 wider than that', { width: 4098, height: 2160 }, []],
  ['H.264 higher than that', { width: 2160, height: 5120 }, []],
  ['H.264 as small as a stamp', { width: 128, height: 96 }, []],
  ['HEVC Main', { codec: 'hevc', profile: 'Main' }, all],
  ['HEVC Main 10', { codec: 'hevc', profile: 'Main 10', pixelFormat: 'yuv420p10le' }, all],
  ['HEVC in 8K', { codec: 'hevc', profile: 'Main', width: 7680, height: 4320 }, all],
  ['HEVC in 4:2:2', { codec: 'hevc', profile: 'Rext', pixelFormat: 'yuv422p10le' }, []],
  ['VP8', { codec: 'vp8', profile: '0' }, all],
  ['VP9 of profile 0', { codec: 'vp9', profile: 'Profile 0' }, all],
  ['VP9 of profile 2', { codec: 'vp9', profile: 'Profile 2', pixelFormat: 'yuv420p10le' }, all],
  ['VP9 in 4:4:4', { codec: 'vp9', profile: 'Profile 1', pixelFormat: 'yuv444p' }, []],
  ['AV1', av1, ['A10G', 'L4']],
  ['AV1 in 10 bits', { ...av1, pixelFormat: 'yuv420p10le' }, ['A10G', 'L4']],
  ['AV1 in 4:4:4', { codec: 'av1', profile: 'High', pixelFormat: 'yuv444p' }, []],
  ['MPEG-2', { codec: 'mpeg2video', profile: 'Main', width: 720, height: 576 }, all],
  ['MPEG-2 in 4:2:2', { codec: 'mpeg2video', profile: '4:2:2', pixelFormat: 'yuv422p' }, []],
  ['ProRes', { codec: 'prores', profile: 'Standard', pixelFormat: 'yuv422p10le' }, []],
  ['Theora', { codec: 'theora', profile: undefined }, []],
])('%s', (_, facts, expected) => {
  const source = videoSource(facts);
  expect(all.filter((name) => decodesOnGpu(source, GPUS[name as keyof typeof GPUS]))).toEqual(expected);
});

it.each([
  ['[h264_nvenc @ 0x5581] [ GPU #0 - < NVIDIA L4 > has Compute SM 8.9 ]', GPUS.L4],
  ['[h264_nvenc @ 0x5581] [ GPU #0 - < Tesla T4 > has Compute SM 7.5 ]', GPUS.T4],
  ['[libx264 @ 0x5581] using cpu capabilities: MMX2 SSE2Fast', undefined],
])('reads from %j which GPU there is', (line, gpu) => {
  expect(parseGpu(['[AVFilterGraph] something', line])).toEqual(gpu);
});
