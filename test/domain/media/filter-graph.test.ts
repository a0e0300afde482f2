import { expect, it } from 'vitest';
import { softwareFilterGraph } from '../../../domain/media/filter-graph.ts';
import type { VideoSource } from '../../../domain/media/source.ts';
import { videoSource } from './sources.ts';

const picture = { size: { width: 1280, height: 720 }, interpolation: 'cubic' } as const;

const scale = (matrix: string, size = 'w=1280:h=720', flags = 'bicubic') =>
  `scale=${size}:flags=${flags}:in_color_matrix=${matrix}:out_color_matrix=bt709:in_range=auto:out_range=tv,setsar=1,format=yuv420p`;

it('makes every output from one decoded stream', () => {
  const small = { size: { width: 640, height: 360 }, interpolation: 'lanczos' } as const;
  expect(softwareFilterGraph(videoSource({ index: 3 }), [picture, small])).toBe(
    [
      '[0:3]setpts=PTS-STARTPTS,sidedata=mode=delete:type=DISPLAYMATRIX,split=2[copy0][copy1]',
      `[copy0]${scale('bt709')}[picture0]`,
      `[copy1]${scale('bt709', 'w=640:h=360', 'lanczos')}[picture1]`,
    ].join(';'),
  );
});

it.each([
  ['nn', 'neighbor'],
  ['linear', 'bilinear'],
  ['cubic', 'bicubic'],
  ['lanczos', 'lanczos'],
] as const)('scales by %s with the flag %s', (interpolation, flag) => {
  expect(softwareFilterGraph(videoSource(), [{ ...picture, interpolation }])).toContain(`:flags=${flag}:`);
});

const colour = { range: undefined, matrix: undefined, transfer: undefined, primaries: undefined };

it.each<[string, Partial<VideoSource>, string]>([
  ['BT.709 by its tag', { colour: { ...colour, matrix: 'bt709' } }, 'bt709'],
  ['SD by its tag', { colour: { ...colour, matrix: 'smpte170m' } }, 'bt601'],
  ['PAL by its tag', { colour: { ...colour, matrix: 'bt470bg' } }, 'bt601'],
  ['BT.2020 by its tag', { colour: { ...colour, matrix: 'bt2020nc' } }, 'bt2020'],
  ['RGB', { colour: { ...colour, matrix: 'gbr' } }, 'auto'],
  ['untagged and 1280 wide', { width: 1280, height: 534, colour }, 'bt709'],
  ['untagged and 720 high', { width: 960, height: 720, colour }, 'bt709'],
  ['untagged PAL', { width: 720, height: 576, colour }, 'bt601'],
  ['untagged and small', { width: 640, height: 360, colour }, 'bt601'],
])('takes a source that is %s for what it is', (_, source, matrix) => {
  expect(softwareFilterGraph(videoSource(source), [picture])).toContain(`:in_color_matrix=${matrix}:`);
});

it('deinterlaces before it scales', () => {
  expect(softwareFilterGraph(videoSource({ interlaced: true }), [picture])).toContain(
    '[0:0]setpts=PTS-STARTPTS,bwdif=mode=send_frame,sidedata=mode=delete:type=DISPLAYMATRIX,split=1[copy0];',
  );
});

it.each(['smpte2084', 'arib-std-b67'])('maps the tones of %s to SDR, once for all outputs', (transfer) => {
  const hdr = { range: 'limited', matrix: 'bt2020nc', transfer, primaries: 'bt2020' } as const;
  const graph = softwareFilterGraph(videoSource({ colour: hdr }), [picture, picture]);
  expect(graph.match(/tonemap=/g)).toHaveLength(1);
  expect(graph).toContain(`zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=100`);
  expect(graph).toContain(`[copy1]${scale('bt709')}[picture1]`);
});

it.each<[VideoSource['orientation'], string]>([
  ['upright', ''],
  ['clockwise', 'transpose=clock,'],
  ['upside-down', 'hflip,vflip,'],
  ['counterclockwise', 'transpose=cclock,'],
  ['mirrored-sideways', 'hflip,'],
  ['mirrored-downwards', 'vflip,'],
  ['mirrored-counterclockwise', 'transpose=cclock_flip,'],
  ['mirrored-clockwise', 'transpose=clock_flip,'],
])('makes a picture upright that is %s', (orientation, filters) => {
  expect(softwareFilterGraph(videoSource({ orientation }), [picture])).toContain(
    `setpts=PTS-STARTPTS,${filters}sidedata=`,
  );
});
