import { expect, it } from 'vitest';
import { softwareFilterGraph } from '../../../domain/media/filter-graph.ts';
import type { VideoSource } from '../../../domain/media/source.ts';
import { videoSource } from './sources.ts';

const picture = { size: { width: 1280, height: 720 }, interpolation: 'cubic' } as const;

const colour = { range: undefined, matrix: undefined, transfer: undefined, primaries: undefined };

const fromZero = { count: ['setpts=PTS-STARTPTS'], choose: [] };

const end = 'setsar=1,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709';

const scale = (size = 'w=1280:h=720', flags = 'bicubic', range = 'auto') =>
  `scale=${size}:flags=${flags}:in_color_matrix=bt709:out_color_matrix=bt709:in_range=${range}:out_range=tv`;

it('makes every output from one decoded stream', () => {
  const small = { size: { width: 640, height: 360 }, interpolation: 'lanczos' } as const;
  expect(softwareFilterGraph(videoSource({ index: 3 }), [picture, small], fromZero)).toBe(
    [
      '[0:3]setpts=PTS-STARTPTS,scale=w=1920:h=1080,split=2[copy0][copy1]',
      `[copy0]${scale()},format=yuv420p,${end}[picture0]`,
      `[copy1]${scale('w=640:h=360', 'lanczos')},format=yuv420p,${end}[picture1]`,
    ].join(';'),
  );
});

it('scales small pictures from larger ones, whose colours are converted already', () => {
  const small = { size: { width: 640, height: 360 }, interpolation: 'cubic' } as const;
  const full = videoSource({ colour: { ...colour, range: 'full', matrix: 'bt470bg' } });
  expect(softwareFilterGraph(full, [small, picture], fromZero)).toBe(
    [
      '[0:0]setpts=PTS-STARTPTS,scale=w=1920:h=1080[copy1]',
      `[copy0]${scale('w=640:h=360')},${end}[picture0]`,
      `[copy1]${scale('w=1280:h=720', 'bicubic', 'pc')},format=yuv420p,colorspace=ispace=bt470bg:iprimaries=bt709:itrc=bt709:irange=tv:` +
        `space=bt709:primaries=bt709:trc=bt709:range=tv,${end},split=2[picture1][copy0]`,
    ].join(';'),
  );
});

it('makes no picture of one that is wider than what is stored, even where pixels are wide', () => {
  const small = { ...picture, size: { width: 640, height: 360 } };
  const pictures = [{ ...picture, size: { width: 1920, height: 1080 } }, small];
  const graphOf = (source: Partial<VideoSource>) =>
    softwareFilterGraph(videoSource({ height: 1080, ...source }), pictures, fromZero);
  expect(graphOf({ width: 1440, pixelAspect: 4 / 3 })).toContain(',split=2[copy0][copy1];');
  expect(graphOf({ width: 1920 })).toContain(',split=2[picture0][copy1];');
});

it.each([
  ['nn', 'neighbor'],
  ['linear', 'bilinear'],
  ['cubic', 'bicubic'],
  ['lanczos', 'lanczos'],
] as const)('scales by %s with the flag %s', (interpolation, flag) => {
  expect(softwareFilterGraph(videoSource(), [{ ...picture, interpolation }], fromZero)).toContain(
    `:flags=${flag}:`,
  );
});

it.each<[string, Partial<VideoSource>]>([
  ['BT.709 by its tag', { width: 640, height: 360, colour: { ...colour, matrix: 'bt709' } }],
  ['RGB', { width: 640, height: 360, colour: { ...colour, matrix: 'gbr' } }],
  ['RGB with the tag of SD', { pixelFormat: 'argb', colour: { ...colour, matrix: 'smpte170m' } }],
  ['untagged RGB', { width: 640, height: 360, pixelFormat: 'rgb24', colour }],
  ['untagged with a palette', { width: 640, height: 360, pixelFormat: 'pal8', colour }],
  ['untagged and 1280 wide', { width: 1280, height: 534, colour }],
  ['untagged and 720 high', { width: 960, height: 720, colour }],
])('converts no matrix of a source that is %s', (_, source) => {
  expect(softwareFilterGraph(videoSource(source), [picture], fromZero)).toContain(
    `${scale()},format=yuv420p,${end}`,
  );
});

it.each<[string, Partial<VideoSource>, string]>([
  ['SD by its tag', { colour: { ...colour, matrix: 'smpte170m' } }, 'smpte170m'],
  ['PAL by its tag', { colour: { ...colour, matrix: 'bt470bg' } }, 'bt470bg'],
  ['BT.2020 by its tag', { colour: { ...colour, matrix: 'bt2020c' } }, 'bt2020nc'],
  ['untagged PAL', { width: 720, height: 576, colour }, 'smpte170m'],
  ['untagged and small', { width: 640, height: 360, colour }, 'smpte170m'],
])('converts the matrix of a source that is %s, once it has been scaled', (_, source, matrix) => {
  expect(softwareFilterGraph(videoSource(source), [picture], fromZero)).toContain(
    `${scale()},format=yuv420p,colorspace=ispace=${matrix}:iprimaries=bt709:itrc=bt709:irange=tv:` +
      `space=bt709:primaries=bt709:trc=bt709:range=tv,${end}`,
  );
});

it('tells the scaler of full range', () => {
  const full = videoSource({ colour: { ...colour, range: 'full', matrix: 'bt709' } });
  expect(softwareFilterGraph(full, [picture], fromZero)).toContain(scale(undefined, undefined, 'pc'));
});

it('deinterlaces before it scales', () => {
  expect(softwareFilterGraph(videoSource({ interlaced: true }), [picture], fromZero)).toContain(
    '[0:0]setpts=PTS-STARTPTS,scale=w=1920:h=1080,bwdif=mode=send_frame[copy0];',
  );
});

it.each(['smpte2084', 'arib-std-b67'])('maps the tones of %s to SDR, once it has been scaled', (transfer) => {
  const hdr = { range: 'limited', matrix: 'bt2020nc', transfer, primaries: 'bt2020' } as const;
  expect(softwareFilterGraph(videoSource({ colour: hdr }), [picture], fromZero)).toContain(
    `${scale()},format=yuv420p10le,` +
      `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:rin=tv:t=linear:npl=203,format=gbrpf32le,` +
      'zscale=p=bt709,tonemap=mobius:desat=0,' +
      'zscale=t=bt709:m=gbr:r=pc,format=gbrp10le,zscale=m=bt709:r=tv,format=yuv420p,' +
      `sidedata=mode=delete,${end}`,
  );
});

it.each<[VideoSource['orientation'], string]>([
  ['upright', ''],
  ['clockwise', ',transpose=clock'],
  ['upside-down', ',hflip,vflip'],
  ['counterclockwise', ',transpose=cclock'],
  ['mirrored-sideways', ',hflip'],
  ['mirrored-downwards', ',vflip'],
  ['mirrored-counterclockwise', ',transpose=cclock_flip'],
  ['mirrored-clockwise', ',transpose=clock_flip'],
])('makes a picture upright that is %s', (orientation, filters) => {
  expect(softwareFilterGraph(videoSource({ orientation }), [picture], fromZero)).toContain(
    `,scale=w=1920:h=1080${filters}[copy0];`,
  );
});

it('can leave the times of frames as they are', () => {
  expect(softwareFilterGraph(videoSource(), [picture], { count: [], choose: [] })).toMatch(
    /^\[0:0\]scale=w=1920:h=1080\[copy0\];/,
  );
});
