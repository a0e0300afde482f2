import { expect, it } from 'vitest';
import { encoderArguments } from '../../../domain/encoders/encoder-arguments.ts';
import type { EncoderName, FrameTiming } from '../../../domain/encoders/settings.ts';
import { planRenditions } from '../../../domain/plan/renditions.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { requestWith } from '../../support/requests.ts';

const gop =
  '-g 600 -force_key_frames expr:isnan(prev_forced_t)+gt(floor((t+0.005)/2),floor((prev_forced_t+0.005)/2)) -forced-idr 1';
const nvencGop = `${gop} -bsf:v setts=pts=PTS-STARTPTS:dts=DTS-STARTPTS`;
const nvencFrames = '-bf 3 -b_ref_mode middle -rc-lookahead 20 -spatial-aq 1 -temporal-aq 1';
const nvencQp = '-i_qfactor 1 -i_qoffset 0 -b_qfactor 1 -b_qoffset 0';

/** What the encoder is told for an output with these words, at 25 frames/s. */
function argumentsFor(
  encoder: EncoderName,
  words: object,
  timing: FrameTiming = { frameRate: 25, hasConstantRate: true },
): string {
  const { request } = parseJobRequest(JSON.stringify(requestWith({ outputs: [words] })));
  const renditions = planRenditions(request.outputs, {
    display: { width: 1920, height: 1080 },
    frameRate: 25,
  });
  const [rendition] = renditions;
  return rendition === undefined ? '' : encoderArguments(encoder, rendition.settings, timing).join(' ');
}

const x264 = (
  start: string,
  syntax = '-profile:v high -coder cabac',
  end = `fps=25025000/1001000:force-cfr=1${/-crf/.test(start) && !/zerolatency/.test(start) ? ':zones=0,0,b=1.4' : ''}`,
) => `-c:v libx264 ${start} ${syntax} -bf 3 -sc_threshold 0 ${gop} -x264-params ${end}`;
const x264NoB = (...parts: [string, string?, string?]) => x264(...parts).replace('-bf 3', '-bf 0');

it.each([
  [{}, x264('-preset medium -crf 23')],
  [{ preset: 'slow' }, x264('-preset slow -refs 4 -crf 23')],
  [{ preset: 'medium' }, x264('-preset medium -crf 23')],
  [{ preset: 'fast' }, x264('-preset fast -crf 23')],
  [{ preset: 'hp' }, x264('-preset veryfast -crf 23')],
  [{ preset: 'hq' }, x264('-preset slow -refs 4 -crf 23')],
  [{ preset: 'll' }, x264NoB('-preset veryfast -tune zerolatency -crf 23')],
  [{ preset: 'llhq' }, x264NoB('-preset medium -tune zerolatency -crf 23')],
  [{ preset: 'llhp' }, x264NoB('-preset superfast -tune zerolatency -crf 23')],
  [{ bitrate_kbps: 5000 }, x264('-preset medium -b:v 5000k -maxrate 7500k -bufsize 10000k')],
  [{ bitrate_kbps: 5000, rc: 'vbr_hq' }, x264('-preset medium -b:v 5000k -maxrate 7500k -bufsize 10000k')],
  [
    { bitrate_kbps: 5000, rc: 'cbr' },
    x264(
      '-preset medium -b:v 5000k -minrate 5000k -maxrate 5000k -bufsize 5000k',
      undefined,
      'fps=25025000/1001000:force-cfr=1:nal-hrd=cbr',
    ),
  ],
  [
    { bitrate_kbps: 5000, rc: 'cbr_hq' },
    x264(
      '-preset medium -b:v 5000k -minrate 5000k -maxrate 5000k -bufsize 5000k',
      undefined,
      'fps=25025000/1001000:force-cfr=1:nal-hrd=cbr',
    ),
  ],
  [{ cq: 30 }, x264('-preset medium -crf 30')],
  [{ cq: 30, bitrate_kbps: 4000 }, x264('-preset medium -crf 30 -maxrate 6000k -bufsize 8000k')],
  [
    { qp: 28 },
    x264('-preset medium -qp 28', undefined, 'fps=25025000/1001000:force-cfr=1:ipratio=1:pbratio=1'),
  ],
  [
    { qp: 0 },
    x264('-preset medium -qp 1', undefined, 'fps=25025000/1001000:force-cfr=1:ipratio=1:pbratio=1'),
  ],
  [
    { rc: 'constqp' },
    x264('-preset medium -qp 23', undefined, 'fps=25025000/1001000:force-cfr=1:ipratio=1:pbratio=1'),
  ],
  [{ profile: 'main' }, x264('-preset medium -crf 23', '-profile:v main -coder cabac')],
  [{ profile: 'baseline' }, x264NoB('-preset medium -crf 23', '-profile:v baseline -coder cavlc')],
  [{ coder: 'cavlc' }, x264('-preset medium -crf 23', '-profile:v high -coder cavlc')],
  [
    { level: 4.1 },
    x264('-preset medium -crf 23 -maxrate 62500k -bufsize 78125k', '-profile:v high -level 4.1 -coder cabac'),
  ],
  [
    { level: '4', bitrate_kbps: 20_000 },
    x264(
      '-preset medium -b:v 20000k -maxrate 25000k -bufsize 31250k',
      '-profile:v high -level 4.0 -coder cabac',
    ),
  ],
])('tells libx264 %j', (words, expected) => {
  expect(argumentsFor('libx264', words)).toBe(expected);
});

it.each<[FrameTiming, string]>([
  [{ frameRate: 25, hasConstantRate: true }, 'fps=25025000/1001000:force-cfr=1'],
  [{ frameRate: 24000 / 1001, hasConstantRate: true }, 'fps=24000000/1001000:force-cfr=1'],
  [{ frameRate: 12.5, hasConstantRate: false }, 'fps=12512500/1001000'],
  [{ frameRate: undefined, hasConstantRate: false }, 'fps=60060000/1001000'],
])('tells libx264 of %j in fractions', (timing, parameters) => {
  expect(argumentsFor('libx264', { bitrate_kbps: 5000 }, timing).split('-x264-params ')[1]).toBe(parameters);
});

const nvenc = (start: string, rate: string, syntax = '-profile:v high -coder cabac', frames = nvencFrames) =>
  `-c:v h264_nvenc ${start} ${rate} ${syntax} ${frames} -no-scenecut 1 ${nvencGop}`;

it.each([
  [{}, nvenc('-preset p4 -tune hq', '-rc vbr -cq 23 -b:v 0')],
  [{ preset: 'slow' }, nvenc('-preset p6 -tune hq -multipass fullres', '-rc vbr -cq 23 -b:v 0')],
  [{ preset: 'medium' }, nvenc('-preset p4 -tune hq', '-rc vbr -cq 23 -b:v 0')],
  [{ preset: 'fast' }, nvenc('-preset p2 -tune hq', '-rc vbr -cq 23 -b:v 0')],
  [{ preset: 'hp' }, nvenc('-preset p1 -tune hq', '-rc vbr -cq 23 -b:v 0')],
  [{ preset: 'hq' }, nvenc('-preset p5 -tune hq -multipass qres', '-rc vbr -cq 23 -b:v 0')],
  [{ preset: 'll' }, nvenc('-preset p4 -tune ll', '-rc vbr -cq 23 -b:v 0', undefined, '-bf 0')],
  [{ preset: 'llhq' }, nvenc('-preset p6 -tune ll', '-rc vbr -cq 23 -b:v 0', undefined, '-bf 0')],
  [{ preset: 'llhp' }, nvenc('-preset p1 -tune ll', '-rc vbr -cq 23 -b:v 0', undefined, '-bf 0')],
  [{ bitrate_kbps: 5000 }, nvenc('-preset p4 -tune hq', '-rc vbr -b:v 5000k -maxrate 7500k -bufsize 10000k')],
  [
    { bitrate_kbps: 5000, rc: 'vbr_hq' },
    nvenc('-preset p4 -tune hq -multipass fullres', '-rc vbr -b:v 5000k -maxrate 7500k -bufsize 10000k'),
  ],
  [
    { bitrate_kbps: 5000, rc: 'vbr_hq', preset: 'hq' },
    nvenc('-preset p5 -tune hq -multipass fullres', '-rc vbr -b:v 5000k -maxrate 7500k -bufsize 10000k'),
  ],
  [
    { bitrate_kbps: 5000, rc: 'cbr' },
    nvenc('-preset p4 -tune hq', '-rc cbr -b:v 5000k -maxrate 5000k -bufsize 5000k'),
  ],
  [
    { bitrate_kbps: 5000, rc: 'cbr_hq' },
    nvenc('-preset p4 -tune hq -multipass fullres', '-rc cbr -b:v 5000k -maxrate 5000k -bufsize 5000k'),
  ],
  [
    { cq: 30, bitrate_kbps: 4000 },
    nvenc('-preset p4 -tune hq', '-rc vbr -cq 30 -b:v 0 -maxrate 6000k -bufsize 8000k'),
  ],
  [
    { qp: 28 },
    nvenc('-preset p4 -tune hq', `-rc constqp -qp 28 ${nvencQp}`, undefined, '-bf 3 -b_ref_mode middle'),
  ],
  [
    { qp: 0, preset: 'slow' },
    nvenc('-preset p6 -tune hq', `-rc constqp -qp 0 ${nvencQp}`, undefined, '-bf 3 -b_ref_mode middle'),
  ],
  [
    { profile: 'main' },
    nvenc('-preset p4 -tune hq', '-rc vbr -cq 23 -b:v 0', '-profile:v main -coder cabac'),
  ],
  [
    { profile: 'baseline' },
    nvenc(
      '-preset p4 -tune hq',
      '-rc vbr -cq 23 -b:v 0',
      '-profile:v baseline -coder cavlc',
      nvencFrames.replace('-bf 3 -b_ref_mode middle', '-bf 0'),
    ),
  ],
  [{ coder: 'cavlc' }, nvenc('-preset p4 -tune hq', '-rc vbr -cq 23 -b:v 0', '-profile:v high -coder cavlc')],
  [
    { level: 5.1 },
    nvenc(
      '-preset p4 -tune hq',
      '-rc vbr -cq 23 -b:v 0 -maxrate 300000k -bufsize 300000k',
      '-profile:v high -level 5.1 -coder cabac',
    ),
  ],
])('tells h264_nvenc %j', (words, expected) => {
  expect(argumentsFor('h264_nvenc', words)).toBe(expected);
});
