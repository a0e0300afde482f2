import type { RateControl } from '../rate-control.ts';
import type { Preset } from '../request/output.ts';
import {
  type EncoderSettings,
  GOP_ARGUMENTS,
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

/** The arguments of ffmpeg's libx264: https://ffmpeg.org/ffmpeg-codecs.html#libx264_002c-libx264rgb */
export function libx264Arguments(settings: EncoderSettings): string[] {
  const { preset, profile, rateControl } = settings;
  const lowLatency = isLowLatency(preset);
  return [
    ...['-c:v', 'libx264', '-preset', PRESETS[preset]],
    ...(lowLatency ? ['-tune', 'zerolatency'] : []),
    ...rateArguments(rateControl, settings),
    ...syntaxArguments(settings),
    ...['-bf', lowLatency || profile === 'baseline' ? '0' : '3'],
    ...['-sc_threshold', '0', ...GOP_ARGUMENTS],
    ...privateParameters(settings),
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

/** What ffmpeg has no option for: https://code.videolan.org/videolan/x264/-/blob/master/common/base.c (x264_param_parse) */
function privateParameters({ rateControl, frameRate }: EncoderSettings): string[] {
  const parameters = [
    // Otherwise x264 takes the 90 kHz time base for the frame rate, and chooses level 6.2.
    ...(frameRate === undefined ? [] : [`fps=${Math.round(frameRate * 1000)}/1000`]),
    // The same QP for every kind of frame.
    ...(rateControl.mode === 'constqp' ? ['ipratio=1', 'pbratio=1'] : []),
    ...(rateControl.mode === 'cbr' ? ['nal-hrd=cbr'] : []),
  ];
  return parameters.length === 0 ? [] : ['-x264-params', parameters.join(':')];
}
