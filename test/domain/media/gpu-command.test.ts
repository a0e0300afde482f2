import { expect, it } from 'vitest';
import { encodeArguments, staysOnGpu } from '../../../domain/media/ffmpeg-command.ts';
import { INPUT_LIMITS } from '../../../domain/media/input-formats.ts';
import type { VideoSource } from '../../../domain/media/source.ts';
import { planRenditions } from '../../../domain/plan/renditions.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { requestWith } from '../../support/requests.ts';
import { videoSource } from './sources.ts';

const L4 = { name: 'NVIDIA L4', computeCapability: 8.9 };

function commandLine(facts: Partial<VideoSource> = {}, outputs: object[] = [{}]): string {
  const { request } = parseJobRequest(JSON.stringify(requestWith({ outputs })));
  const renditions = planRenditions(request.outputs, {
    display: { width: 1920, height: 1080 },
    frameRate: 25,
  });
  const source = videoSource(facts);
  return encodeArguments({
    url: 'http://127.0.0.1:9/input',
    source,
    targets: renditions.map(({ settings }, index) => ({ settings, path: `/scratch/${index}.mp4` })),
    encoder: 'h264_nvenc',
    onGpu: staysOnGpu(source, L4),
    features: { fpsMode: true, movieTimescale: true },
  }).join(' ');
}

const end = 'setsar=1,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709';

const target = (index: number, rate: string) =>
  `-map [picture${index}] -map_metadata -1 -map_chapters -1 -fps_mode passthrough -enc_time_base 1/90000 ` +
  `-c:v h264_nvenc -preset p4 -tune hq ${rate} -profile:v high -coder cabac -bf 3 -b_ref_mode middle ` +
  '-rc-lookahead 20 -spatial-aq 1 -temporal-aq 1 -no-scenecut 1 -g 600 ' +
  '-force_key_frames expr:isnan(prev_forced_t)+gt(floor((t+0.005)/2),floor((prev_forced_t+0.005)/2)) ' +
  '-forced-idr 1 -bsf:v setts=pts=PTS-STARTPTS:dts=DTS-STARTPTS ' +
  '-color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 ' +
  `-video_track_timescale 90000 -f mp4 /scratch/${index}.mp4`;

it('decodes, scales and encodes on the GPU what needs nothing else', () => {
  const outputs = [{ bitrate_kbps: 3000 }, { resolution: '-1x240', scale_interp_algo: 'lanczos' }];
  expect(commandLine({}, outputs)).toBe(
    [
      '-hide_banner -nostdin -y -loglevel warning -progress pipe:1 -nostats',
      `${INPUT_LIMITS.join(' ')} -noautorotate -reinit_filter 0`,
      '-hwaccel cuda -hwaccel_output_format cuda -extra_hw_frames 8 -threads 1 -i http://127.0.0.1:9/input',
      '-filter_complex [0:0]split=2[copy0][copy1]',
    ].join(' ') +
      `;[copy0]scale_cuda=w=1280:h=720:interp_algo=bicubic:format=yuv420p,${end}[picture0]` +
      `;[copy1]scale_cuda=w=426:h=240:interp_algo=lanczos:format=yuv420p,${end}[picture1] ` +
      `${target(0, '-rc vbr -b:v 3000k -maxrate 4500k -bufsize 6000k')} ${target(1, '-rc vbr -cq 23 -b:v 0')}`,
  );
});

it.each([
  ['nn', 'nearest'],
  ['linear', 'bilinear'],
  ['cubic', 'bicubic'],
  ['lanczos', 'lanczos'],
])('scales by %s with the algorithm %s', (scale_interp_algo, algorithm) => {
  expect(commandLine({}, [{ scale_interp_algo }])).toContain(`:interp_algo=${algorithm}:`);
});

const colour = videoSource().colour;

it.each<[string, Partial<VideoSource>]>([
  ['is rotated', { orientation: 'clockwise' }],
  ['is mirrored', { orientation: 'mirrored-sideways' }],
  ['is interlaced', { interlaced: true }],
  ['has pixels that are not square', { pixelAspect: 2 }],
  [
    'is HDR',
    { codec: 'hevc', profile: 'Main 10', colour: { ...colour, transfer: 'smpte2084', matrix: 'bt2020nc' } },
  ],
  ['has full range', { colour: { ...colour, range: 'full' } }],
  ['is in BT.601', { colour: { ...colour, matrix: 'smpte170m' } }],
  ['has no tags and the size of SD', { width: 720, height: 576, colour: { ...colour, matrix: undefined } }],
  ['is what NVDEC does not decode', { profile: 'High 4:2:2', pixelFormat: 'yuv422p10le' }],
])('decodes and scales in software, and encodes on the GPU, what %s', (_, facts) => {
  const line = commandLine(facts);
  expect(line).toContain('-c:v h264_nvenc');
  expect(line).not.toMatch(/cuda|-threads/);
  expect(line).toContain('scale=w=1280:h=720');
});
