import { expect, it } from 'vitest';
import { type MadeFile, parseMadeFile } from '../../../domain/media/made-file.ts';
import { decodeChecks, type Expectation, mismatches } from '../../../domain/media/verification.ts';

const made: MadeFile = {
  codec: 'h264',
  profile: 'High',
  level: '4.1',
  width: 1280,
  height: 720,
  pixelFormat: 'yuv420p',
  colours: 'tv bt709 bt709 bt709',
  isTurned: false,
  frames: 250,
  duration: 10,
  start: 0,
  bitrateKbps: 3000,
  size: 3_750_000,
};

const expected: Expectation = {
  seams: [],
  settings: {
    size: { width: 1280, height: 720 },
    interpolation: 'cubic',
    preset: 'medium',
    profile: 'high',
    level: undefined,
    entropyCoder: 'cabac',
    rateControl: { mode: 'quality', cq: 23, capKbps: undefined, multipass: false },
  },
  frames: 250,
  duration: 10,
  frameDuration: 0.04,
};

const withSettings = (settings: Partial<Expectation['settings']>): Expectation => ({
  ...expected,
  settings: { ...expected.settings, ...settings },
});

it.each<[string, Partial<MadeFile>, Expectation]>([
  ['is what it must be', {}, expected],
  ['has the level that was asked for', {}, withSettings({ level: '4.1' })],
  ['is constrained baseline', { profile: 'Constrained Baseline' }, withSettings({ profile: 'baseline' })],
  ['lasts a frame less', { duration: 9.96 }, expected],
])('finds nothing wrong with a file that %s', (_, facts, expectation) => {
  expect(mismatches({ ...made, ...facts }, expectation)).toEqual([]);
});

it.each<[Partial<MadeFile>, Expectation, string]>([
  [{ codec: 'hevc' }, expected, 'is hevc instead of h264'],
  [{ profile: 'Main' }, expected, 'has the profile Main instead of high'],
  [{ level: '5.0' }, withSettings({ level: '4.1' }), 'has level 5.0 instead of 4.1'],
  [{ width: 1278 }, expected, 'is 1278x720 instead of 1280x720'],
  [{ height: 718 }, expected, 'is 1280x718 instead of 1280x720'],
  [{ pixelFormat: 'yuv422p10le' }, expected, 'has the pixel format yuv422p10le instead of yuv420p'],
  [
    { colours: 'tv smpte170m bt709 bt709' },
    expected,
    'is tagged as tv smpte170m bt709 bt709 instead of tv bt709 bt709 bt709',
  ],
  [{ isTurned: true }, expected, 'tells players to turn the picture'],
  [{ frames: 249 }, expected, 'has 249 frames instead of 250'],
  [{ start: 0.08 }, expected, 'starts at 0.08 s instead of 0'],
  [{ duration: 9.9 }, expected, 'lasts 9.9 s instead of 10 s'],
])('says of %j that it does not fit', (facts, expectation, clause) => {
  expect(mismatches({ ...made, ...facts }, expectation)).toEqual([clause]);
});

it('decodes the first and the last second and what is around seams, at times as fine as those of the frames', () => {
  const quiet = '-hide_banner -nostdin -loglevel error';
  const input = (passage: string) => `-skip_loop_filter all ${passage} -i /scratch/0.mp4`;
  const nowhere = '-enc_time_base 1/90000 -f null -';
  expect(decodeChecks('/scratch/0.mp4', [3.995, 7.995]).map((args) => args.join(' '))).toEqual([
    [
      quiet,
      ...['-t 1', '-sseof -1', '-ss 3.745000 -t 0.500000', '-ss 7.745000 -t 0.500000'].map(input),
      `-map 0 -map 1 -map 2 -map 3 ${nowhere}`,
    ].join(' '),
  ]);
});

it('looks at few passages at a time', () => {
  const seams = Array.from({ length: 33 }, (_, index) => 2 * index + 2);
  const inputs = decodeChecks('0.mp4', seams).map((args) => args.filter((word) => word === '-i').length);
  expect(inputs).toEqual([8, 8, 8, 8, 3]);
});

it('calls colours unknown that a file does not tell', () => {
  const facts = { codec_name: 'h264', profile: 'High', level: 41, width: 16, height: 16, pix_fmt: 'yuv420p' };
  const times = { nb_frames: '1', duration: '1', start_time: '0', bit_rate: '1' };
  const json = JSON.stringify({ streams: [{ ...facts, ...times }], format: { size: '1' } });
  expect(parseMadeFile(json).colours).toBe('unknown unknown unknown unknown');
});

it('reads what ffprobe says of a file', () => {
  const stream = {
    codec_name: 'h264',
    profile: 'High',
    level: 41,
    width: 1280,
    height: 720,
    pix_fmt: 'yuv420p',
    color_range: 'tv',
    color_space: 'bt709',
    color_transfer: 'bt709',
    color_primaries: 'bt709',
  };
  const times = { nb_frames: '250', duration: '10.000000', start_time: '0.000000', bit_rate: '2999600' };
  const json = JSON.stringify({ streams: [{ ...stream, ...times }], format: { size: '3750000' } });
  expect(parseMadeFile(json)).toEqual(made);
});
