import { expect, it } from 'vitest';
import type { ErrorCode } from '../../../domain/errors.ts';
import { parseProbe } from '../../../domain/media/probe.ts';
import { displaySize, type Size, type VideoSource } from '../../../domain/media/source.ts';
import { videoSource } from './sources.ts';

const video = {
  index: 0,
  codec_type: 'video',
  codec_name: 'h264',
  pix_fmt: 'yuv420p',
  width: 1920,
  height: 1080,
};
const audio = { index: 1, codec_type: 'audio', codec_name: 'aac' };
const format = { format_name: 'mov,mp4,m4a,3gp,3g2,mj2' };

const probed = (streams: object[], formatFacts: object = {}) =>
  parseProbe(JSON.stringify({ streams, format: { ...format, ...formatFacts } }));
const probedVideo = (facts: object) => probed([{ ...video, ...facts }]).video;

/** As ffprobe prints it. */
const matrix = (a: number, b: number, c: number, d: number) =>
  `\n00000000: ${a} ${b} 0\n00000001: ${c} ${d} 0\n00000002: 0 0 1073741824\n`;

it.each([
  [
    'nothing',
    {},
    { orientation: 'upright', pixelAspect: 1, interlaced: false, frameRate: undefined, frames: undefined },
  ],
  [
    'a quarter turn',
    { side_data_list: [{}, { displaymatrix: matrix(0, 65536, -65536, 0) }] },
    { orientation: 'clockwise' },
  ],
  ['a turn by its tag', { tags: { rotate: '90' } }, { orientation: 'clockwise' }],
  ['a turn the other way by its tag', { tags: { rotate: '-90' } }, { orientation: 'counterclockwise' }],
  ['wide pixels', { sample_aspect_ratio: '2:1' }, { pixelAspect: 2 }],
  ['an unknown shape of pixels', { sample_aspect_ratio: '0:1' }, { pixelAspect: 1 }],
  ['fields', { field_order: 'tt' }, { interlaced: true }],
  ['frames', { field_order: 'progressive' }, { interlaced: false }],
  ['a frame rate', { avg_frame_rate: '30000/1001' }, { frameRate: 30000 / 1001 }],
  ['only a nominal frame rate', { avg_frame_rate: '0/0', r_frame_rate: '24/1' }, { frameRate: 24 }],
  ['the rate of a clock', { avg_frame_rate: '0/0', r_frame_rate: '1000/1' }, { frameRate: undefined }],
  ["a clock's average", { avg_frame_rate: '1000/1', r_frame_rate: '30/1' }, { frameRate: 30 }],
  ['a constant rate', { avg_frame_rate: '25/1', r_frame_rate: '25/1' }, { hasConstantRate: true }],
  ['a variable rate', { avg_frame_rate: '19/1', r_frame_rate: '25/1' }, { hasConstantRate: false }],
  ['an unknown rate', { avg_frame_rate: '0/0', r_frame_rate: '0/0' }, { hasConstantRate: false }],
  ['a number of frames', { nb_frames: '63' }, { frames: 63 }],
])('reads %s of a stream', (_, facts, expected) => {
  expect(probedVideo(facts)).toMatchObject(expected);
});

it.each([
  [{ color_range: 'pc' }, { range: 'full' }],
  [{ pix_fmt: 'yuvj420p' }, { range: 'full' }],
  [
    { color_range: 'tv', color_space: 'bt709' },
    { range: 'limited', matrix: 'bt709' },
  ],
  [
    { color_range: 'unknown', color_space: 'unknown' },
    { range: undefined, matrix: undefined },
  ],
  [
    { color_transfer: 'smpte2084', color_primaries: 'bt2020' },
    { transfer: 'smpte2084', primaries: 'bt2020' },
  ],
])('reads the colours of %j', (facts, expected) => {
  expect(probedVideo(facts).colour).toMatchObject(expected);
});

it.each<[string, object[], object, unknown]>([
  [
    'a stream says',
    [{ ...video, duration: '10.5' }, audio],
    { duration: '11' },
    { seconds: 10.5, of: 'stream' },
  ],
  [
    "Matroska's tag says",
    [{ ...video, tags: { DURATION: '00:01:02.500000000' } }, audio],
    { format_name: 'matroska,webm', duration: '63' },
    { seconds: 62.5, of: 'stream' },
  ],
  [
    "Matroska's tag in a language says",
    [{ ...video, tags: { 'DURATION-eng': '00:01:02.500000000' } }, audio],
    { format_name: 'matroska,webm', duration: '63' },
    { seconds: 62.5, of: 'stream' },
  ],
  [
    "Matroska's end says of a late stream",
    [{ ...video, start_time: '5.000000', tags: { DURATION: '00:00:07.000000000' } }],
    { format_name: 'matroska,webm', duration: '7' },
    { seconds: 2, of: 'stream' },
  ],
  [
    "MP4's header says of a late stream",
    [{ ...video, start_time: '5.000000', duration: '2' }],
    { duration: '7' },
    { seconds: 2, of: 'stream' },
  ],
  ['the file says of its only stream', [video], { duration: '11' }, { seconds: 11, of: 'stream' }],
  ['the file says of its longest stream', [video, audio], { duration: '11' }, { seconds: 11, of: 'file' }],
  [
    'is an estimate',
    [{ ...video, duration: '10' }],
    { format_name: 'mpegts', duration: '10' },
    { seconds: 10, of: 'file' },
  ],
  [
    'is an estimate of a program stream',
    [video],
    { format_name: 'mpeg', duration: '10' },
    { seconds: 10, of: 'file' },
  ],
  [
    'ends before it starts',
    [{ ...video, start_time: '9' }],
    { format_name: 'matroska,webm', duration: '7' },
    undefined,
  ],
  ['nobody says', [video], { duration: 'N/A' }, undefined],
])('tells the duration that %s', (_, streams, formatFacts, expected) => {
  expect(probed(streams, formatFacts).duration).toEqual(expected);
});

const cover = { disposition: { attached_pic: 1, default: 1 } };
const byDefault = { disposition: { default: 1 } };
const small = { width: 320, height: 180 };

it.each<[string, object[], number]>([
  ['that is no cover', [cover, {}], 1],
  ['that comes first', [{}, {}], 0],
  ['that is the largest', [small, {}, small], 1],
  ['that is the default, although it is smaller', [{}, { ...small, ...byDefault }], 1],
  ['that is the largest of two defaults', [{ ...small, ...byDefault }, byDefault], 1],
])('takes the video stream %s', (_, streams, index) => {
  expect(probed(streams.map((facts, at) => ({ ...video, index: at, ...facts }))).video.index).toBe(index);
});

it.each<[string, object[], string]>([
  ['audio alone', [audio], 'The input has no video stream: give a file that holds video.'],
  [
    'a cover alone',
    [audio, { ...video, disposition: { attached_pic: 1 } }],
    'The input has no video stream: give a file that holds video.',
  ],
  [
    'a codec that ffmpeg lacks',
    [{ index: 0, codec_type: 'video' }],
    'The input has a video stream whose codec is not known: give a file in a common codec such as H.264.',
  ],
])('refuses %s', (_, streams, message) => {
  const code: ErrorCode = 'input_unsupported';
  expect(() => probed(streams)).toThrow(expect.objectContaining({ code, message }));
});

it.each<[string, Partial<VideoSource>, Size]>([
  ['plain', {}, { width: 1920, height: 1080 }],
  ['turned', { orientation: 'clockwise' }, { width: 1080, height: 1920 }],
  ['upside down', { orientation: 'upside-down' }, { width: 1920, height: 1080 }],
  ['of wide pixels', { width: 640, height: 360, pixelAspect: 2 }, { width: 1280, height: 360 }],
  [
    'of wide pixels and turned',
    { width: 640, height: 360, pixelAspect: 2, orientation: 'counterclockwise' },
    { width: 360, height: 1280 },
  ],
])('shows a picture that is %s upright and in square pixels', (_, facts, size) => {
  expect(displaySize(videoSource(facts))).toEqual(size);
});

it.each([
  [matrix(65536, 0, 0, 65536), 'upright'],
  [matrix(0, 65536, -65536, 0), 'clockwise'],
  [matrix(-65536, 0, 0, -65536), 'upside-down'],
  [matrix(0, -65536, 65536, 0), 'counterclockwise'],
  [matrix(-65536, 0, 0, 65536), 'mirrored-sideways'],
  [matrix(65536, 0, 0, -65536), 'mirrored-downwards'],
  [matrix(0, 65536, 65536, 0), 'mirrored-counterclockwise'],
  [matrix(0, -65536, -65536, 0), 'mirrored-clockwise'],
  [matrix(46341, 46341, -46341, 46341), 'upright'],
  ['nothing that is a matrix', 'upright'],
])('reads the display matrix %j as %s', (text, orientation) => {
  expect(probedVideo({ side_data_list: [{ displaymatrix: text }] }).orientation).toBe(orientation);
});
