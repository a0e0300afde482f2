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

interface NvencPreset {
  readonly preset: string;
  readonly tune: 'hq' | 'll';
  readonly multipass?: 'qres' | 'fullres';
}

/**
 * The presets of 2018 in the terms of today's NVENC, which no longer knows them:
 * https://docs.nvidia.com/video-technologies/video-codec-sdk/12.1/nvenc-preset-migration-guide/
 */
const PRESETS: Readonly<Record<Preset, NvencPreset>> = {
  slow: { preset: 'p6', tune: 'hq', multipass: 'fullres' },
  medium: { preset: 'p4', tune: 'hq' },
  fast: { preset: 'p2', tune: 'hq' },
  hp: { preset: 'p1', tune: 'hq' },
  hq: { preset: 'p5', tune: 'hq', multipass: 'qres' },
  ll: { preset: 'p4', tune: 'll' },
  llhq: { preset: 'p6', tune: 'll' },
  llhp: { preset: 'p1', tune: 'll' },
};

/**
 * NVENC reckons with the frame rate that the filter graph tells, and takes the 90 kHz clock for it where a filter has changed
 * the times. So the times are left as they are in the source until the pictures are encoded.
 */
function fromZero(origin: number | undefined): string[] {
  const zero = origin === undefined ? 'STARTPTS' : `${origin}/TB`;
  return ['-bsf:v', `setts=pts=PTS-${zero}:dts=DTS-${zero}`];
}

/** The arguments of ffmpeg's h264_nvenc: `ffmpeg -h encoder=h264_nvenc` lists them. */
export function h264NvencArguments(settings: EncoderSettings, timing: FrameTiming): string[] {
  const { preset, tune } = PRESETS[settings.preset];
  return [
    ...['-c:v', 'h264_nvenc', '-preset', preset, '-tune', tune],
    ...multipassArguments(settings),
    ...rateArguments(settings.rateControl, settings),
    ...syntaxArguments(settings),
    ...frameArguments(settings),
    '-no-scenecut',
    '1',
    ...gopArguments(timing),
    ...fromZero(timing.origin),
  ];
}

function multipassArguments({ preset, rateControl }: EncoderSettings): string[] {
  if (rateControl.mode === 'constqp') return [];
  const multipass = rateControl.multipass ? 'fullres' : PRESETS[preset].multipass;
  return multipass === undefined ? [] : ['-multipass', multipass];
}

function rateArguments(rateControl: RateControl, settings: EncoderSettings): string[] {
  switch (rateControl.mode) {
    case 'constqp':
      // Without the factors B-frames would get a higher QP and I-frames a lower one.
      return [
        ...['-rc', 'constqp', '-qp', String(rateControl.qp)],
        ...['-i_qfactor', '1', '-i_qoffset', '0', '-b_qfactor', '1', '-b_qoffset', '0'],
      ];
    case 'quality':
      return ['-rc', 'vbr', '-cq', String(rateControl.cq), '-b:v', '0', ...peakArguments(settings)];
    case 'vbr':
    case 'cbr':
      return ['-rc', rateControl.mode, '-b:v', `${rateControl.bitrateKbps}k`, ...peakArguments(settings)];
  }
}

/** B-frames, lookahead and adaptive quantization, which cost latency or, in baseline, do not exist. */
function frameArguments({ preset, profile, rateControl }: EncoderSettings): string[] {
  if (isLowLatency(preset)) return ['-bf', '0'];
  const bFrames = profile === 'baseline' ? ['-bf', '0'] : ['-bf', '3', '-b_ref_mode', 'middle'];
  if (rateControl.mode === 'constqp') return bFrames;
  return [...bFrames, '-rc-lookahead', '20', '-spatial-aq', '1', '-temporal-aq', '1'];
}
