import type { RateControl } from '../rate-control.ts';
import type { Preset } from '../request/output.ts';
import {
  type EncoderSettings,
  type FrameTiming,
  gopArguments,
  isLowLatency,
  peakArguments,
  syntaxArguments,
} from './settings.ts';

const PRESETS: Readonly<Record<Preset, string>> = {
  slow: 'slow',
  medium: 'medium',
  fast: 'fast',
  hp: 'veryfast',
  hq: 'slow',
  ll: 'veryfast',
  llhq: 'medium',
  llhp: 'superfast',
};

/** Frames a second that are reckoned with where the input does not tell how many there are. */
const UNKNOWN_RATE = 60;

/** The arguments of ffmpeg's libx264: https://ffmpeg.org/ffmpeg-codecs.html#libx264_002c-libx264rgb */
export function libx264Arguments(settings: EncoderSettings, timing: FrameTiming): string[] {
  const { preset, profile, rateControl } = settings;
  const lowLatency = isLowLatency(preset);
  return [
    ...['-c:v', 'libx264', '-preset', PRESETS[preset]],
    // Its own five would need level 5.0 at 1080p, where four do with the 4.0 that every device plays.
    ...(PRESETS[preset] === 'slow' ? ['-refs', '4'] : []),
    ...(lowLatency ? ['-tune', 'zerolatency'] : []),
    ...rateArguments(rateControl, settings),
    ...syntaxArguments(settings),
    ...['-bf', lowLatency || profile === 'baseline' ? '0' : '3'],
    ...['-sc_threshold', '0', ...gopArguments(timing)],
    ...['-x264-params', privateParameters(settings, timing).join(':')],
  ];
}

function rateArguments(rateControl: RateControl, settings: EncoderSettings): string[] {
  switch (rateControl.mode) {
    case 'constqp':
      // 0 would be lossless, which no profile of the API has.
      return ['-qp', String(Math.max(1, rateControl.qp))];
    case 'quality':
      return ['-crf', String(rateControl.cq), ...peakArguments(settings)];
    case 'vbr':
      return ['-b:v', `${rateControl.bitrateKbps}k`, ...peakArguments(settings)];
    case 'cbr': {
      const rate = `${rateControl.bitrateKbps}k`;
      return ['-b:v', rate, '-minrate', rate, ...peakArguments(settings)];
    }
  }
}

/**
 * With its macroblock tree, x264 takes the ratio of 1.4 between I and P frames for every keyframe but the very first. So all
 * of the first 2 s would be a little worse than what follows, and a split job would have that at each seam.
 * https://code.videolan.org/videolan/x264/-/blob/master/encoder/ratecontrol.c (rate_estimate_qscale)
 */
const FIRST_FRAME_AS_GOOD = 'zones=0,0,b=1.4';

/** What ffmpeg has no option for: https://code.videolan.org/videolan/x264/-/blob/master/common/base.c (x264_param_parse) */
function privateParameters(
  { rateControl, preset }: EncoderSettings,
  { frameRate = UNKNOWN_RATE, hasConstantRate }: FrameTiming,
): string[] {
  return [
    // Otherwise x264 takes the 90 kHz time base for the frame rate, and chooses level 6.2. The fraction holds 24000/1001 as it is.
    `fps=${Math.round(frameRate * 1_001_000)}/1001000`,
    // Times of frames do not change by this; the stream says how long a frame lasts.
    ...(hasConstantRate ? ['force-cfr=1'] : []),
    // The same QP for every kind of frame.
    ...(rateControl.mode === 'constqp' ? ['ipratio=1', 'pbratio=1'] : []),
    ...(rateControl.mode === 'cbr' ? ['nal-hrd=cbr'] : []),
    ...(rateControl.mode === 'quality' && !isLowLatency(preset) ? [FIRST_FRAME_AS_GOOD] : []),
  ];
}
