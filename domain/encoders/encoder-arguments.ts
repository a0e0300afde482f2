import { h264NvencArguments } from './h264-nvenc.ts';
import { libx264Arguments } from './libx264.ts';
import type { EncoderName, EncoderSettings, FrameTiming } from './settings.ts';

type EncoderArguments = (settings: EncoderSettings, timing: FrameTiming) => string[];

const ENCODERS: Readonly<Record<EncoderName, EncoderArguments>> = {
  libx264: libx264Arguments,
  h264_nvenc: h264NvencArguments,
};

/** ffmpeg's arguments that choose and set up an encoder. */
export function encoderArguments(
  encoder: EncoderName,
  settings: EncoderSettings,
  timing: FrameTiming,
): string[] {
  return ENCODERS[encoder](settings, timing);
}
