import { h264NvencArguments } from './h264-nvenc.ts';
import { libx264Arguments } from './libx264.ts';
import type { EncoderName, EncoderSettings, FrameTiming } from './settings.ts';

type EncoderArguments = (settings: EncoderSettings, timing: FrameTiming) => string[];

const ENCODERS: Readonly<Record<EncoderName, EncoderArguments>> = {
  libx264: libx264Arguments,
  h264_nvenc: h264NvencArguments,
};

/** Whether an encoder is given the input's own times, of which its arguments make those of the file; else the filters do. */
export function keepsTimes(encoder: EncoderName): boolean {
  return encoder === 'h264_nvenc';
}

/** ffmpeg's arguments that choose and set up an encoder. */
export function encoderArguments(
  encoder: EncoderName,
  settings: EncoderSettings,
  timing: FrameTiming,
): string[] {
  return ENCODERS[encoder](settings, timing);
}
