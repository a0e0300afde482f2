import { h264NvencArguments } from './h264-nvenc.ts';
import { libx264Arguments } from './libx264.ts';
import type { EncoderName, EncoderSettings } from './settings.ts';

const ENCODERS: Readonly<Record<EncoderName, (settings: EncoderSettings) => string[]>> = {
  libx264: libx264Arguments,
  h264_nvenc: h264NvencArguments,
};

/** ffmpeg's arguments that choose and set up an encoder. */
export function encoderArguments(encoder: EncoderName, settings: EncoderSettings): string[] {
  return ENCODERS[encoder](settings);
}
