import { expect, it } from 'vitest';
import { type EncodeCommand, encodeArguments } from '../../../domain/media/ffmpeg-command.ts';
import { featuresOf } from '../../../domain/media/ffmpeg-version.ts';
import { INPUT_LIMITS } from '../../../domain/media/input-formats.ts';
import { planRenditions } from '../../../domain/plan/renditions.ts';
import type { Span } from '../../../domain/plan/spans.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { requestWith } from '../../support/requests.ts';
import { videoSource } from './sources.ts';

function commandLine(fpsMode: boolean, outputs: object[], part: Partial<EncodeCommand> = {}): string {
  const { request } = parseJobRequest(JSON.stringify(requestWith({ outputs })));
  const renditions = planRenditions(request.outputs, {
    display: { width: 1920, height: 1080 },
    frameRate: 25,
  });
  return encodeArguments({
    url: 'http://127.0.0.1:9/input',
    source: videoSource(),
    targets: renditions.map(({ settings }, index) => ({ settings, path: `/scratch/${index}.mp4` })),
    encoder: 'libx264',
    onGpu: false,
    features: { fpsMode, movieTimescale: fpsMode },
    ...part,
  }).join(' ');
}

const scaler = (index: number, size: string) =>
  `[copy${index}]scale=${size}:flags=bicubic:in_color_matrix=bt709:out_color_matrix=bt709:in_range=auto:out_range=tv`;

const end = 'setsar=1,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709';

const target = (index: number, rate: string, mode: string) =>
  `-map [picture${index}] -map_metadata -1 -map_chapters -1 ${mode} passthrough -enc_time_base 1/90000 ` +
  `-c:v libx264 -preset medium ${rate} -profile:v high -coder cabac -bf 3 -sc_threshold 0 ` +
  '-g 600 -force_key_frames expr:isnan(prev_forced_t)+gt(floor((t+0.005)/2),floor((prev_forced_t+0.005)/2)) -forced-idr 1 ' +
  `-x264-params fps=25025000/1001000:force-cfr=1${rate.startsWith('-crf') ? ':zones=0,0,b=1.4' : ''} ` +
  '-color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 ' +
  `-video_track_timescale 90000 -f mp4 /scratch/${index}.mp4`;

const start =
  '-hide_banner -nostdin -y -loglevel warning -progress pipe:1 -nostats ' +
  `${INPUT_LIMITS.join(' ')} -noautorotate -reinit_filter 0 -i http://127.0.0.1:9/input`;

it.each([
  [true, '-fps_mode'],
  [false, '-vsync'],
])('writes the whole command line where -fps_mode being known is %s', (fpsMode, mode) => {
  expect(commandLine(fpsMode, [{ bitrate_kbps: 3000 }, { resolution: '-1x240' }])).toBe(
    [
      start,
      `-filter_complex [0:0]setpts=PTS-STARTPTS,scale=w=1920:h=1080[copy0];${scaler(0, 'w=1280:h=720')},format=yuv420p,${end},split=2[picture0][copy1];${scaler(1, 'w=426:h=240')},${end}[picture1]`,
      target(0, '-b:v 3000k -maxrate 4500k -bufsize 6000k', mode),
      target(1, '-crf 23', mode),
    ].join(' '),
  );
});

it.each([
  [8, true, '4.750000'],
  [24, true, '4.250000'],
  [60, true, '4.250000'],
  [8, false, '5.500000'],
  [60, false, '4.500000'],
  [undefined, false, '4.500000'],
])(
  'encodes enough behind a part to look ahead, at %s frames/s (constantly: %s) up to %s s',
  (frameRate, hasConstantRate, end) => {
    const source = videoSource({ frameRate, hasConstantRate });
    const part = { source, span: { start: 0, end: 4 }, duration: 13 };
    expect(commandLine(true, [{}], part)).toContain(`,trim=end=${end}[copy0];`);
  },
);

it.each([
  [5, true, '0.600000'],
  [20, true, '3.150000'],
  [60, true, '3.200000'],
  [60, false, '2.000000'],
  [undefined, true, '2.000000'],
])(
  'decodes enough before a part, at %s frames/s (constantly: %s) from %s s on',
  (frameRate, hasConstantRate, seek) => {
    const part = { source: videoSource({ frameRate, hasConstantRate }), span: { start: 4 }, duration: 13 };
    expect(commandLine(true, [{}], part)).toContain(` -ss ${seek} -i http`);
  },
);

it.each<[string, Span, string, string, string]>([
  ['first', { start: 0, end: 3.995 }, '', 'end=4.245000', '1.995000,3.995000'],
  [
    'middle',
    { start: 3.995, end: 7.995 },
    ' -ss 3.195000',
    'start=3.995000:end=8.245000',
    '5.995000,7.995000',
  ],
  ['short', { start: 3.3, end: 4.6 }, ' -ss 2.500000', 'start=3.300000:end=4.850000', '4.600000'],
  ['last', { start: 7.995 }, ' -ss 7.195000', 'start=7.995000', '9.995000,11.995000'],
])('encodes the %s part so that it fits the others', (_, span, seek, trim, keyframes) => {
  const line = commandLine(true, [{ resolution: '-1x240' }], { span, duration: 13 });
  expect(line).toContain(` -copyts${seek} -i http`);
  expect(line).toContain(
    `[0:0]settb=1/90000,setpts=round(PTS-0/TB),scale=w=1920:h=1080,trim=${trim}[copy0];`,
  );
  expect(line).toContain(` -force_key_frames ${keyframes} -forced-idr 1 `);
  expect(line).toContain(' -video_track_timescale 90000 -movie_timescale 90000 ');
});

it.each([
  ['ffmpeg version N-47683-g0e8eb07980-static\nlibavcodec     58. 42.100 / 58. 42.100', false, false],
  ['ffmpeg version 5.0.1\nlibavcodec     59. 18.100 / 59. 18.100', false, true],
  ['ffmpeg version 5.1.9-0+deb12u1\nlibavcodec     59. 37.100 / 59. 37.100', true, true],
  ['ffmpeg version 7.1.5\nlibavcodec     61. 19.101 / 61. 19.101', true, true],
  ['ffmpeg version n9.0\nlibavcodec     63.  1.100 / 63.  1.100', true, true],
])(
  'reads from %j whether -fps_mode (%s) and -movie_timescale (%s) are known',
  (text, fpsMode, movieTimescale) => {
    expect(featuresOf(text)).toEqual({ fpsMode, movieTimescale });
  },
);
