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
    { orientation: 'upright', pixelAspect: 1, interlaced: false, frameRate: 25, frames: undefined },
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
  ['the file says of its only stream', [video], { duration: '11' }, { seconds: 11, of: 'stream' }],
  ['the file says of its longest stream', [video, audio], { duration: '11' }, { seconds: 11, of: 'file' }],
  [
    'is an estimate',
    [{ ...video, duration: '10' }],
    { format_name: 'mpegts', duration: '10' },
    { seconds: 10, of: 'file' },
  ],
  ['nobody says', [video], { duration: 'N/A' }, undefined],
])('tells the duration that %s', (_, streams, formatFacts, expected) => {
  expect(probed(streams, formatFacts).duration).toEqual(expected);
});

it('takes the first video stream that is no cover', () => {
  const cover = { ...video, disposition: { attached_pic: 1 } };
  expect(probed([cover, audio, { ...video, index: 2 }]).video.index).toBe(2);
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
