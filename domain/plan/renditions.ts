import type { EncoderSettings } from '../encoders/settings.ts';
import { InvalidRequestError, type Problem } from '../errors.ts';
import { H264_MAX_SIDE, levelExceeded } from '../h264-levels.ts';
import { displaySize, type Size, type VideoSource } from '../media/source.ts';
import { rateControl } from '../rate-control.ts';
import type { OutputRequest } from '../request/output.ts';
import { MIN_SIDE } from '../request/resolution.ts';
import { outputSize } from './output-size.ts';

/** The pictures of an input, as far as outputs depend on them. */
export interface InputPictures {
  /** Upright and in square pixels; not rounded. */
  readonly display: Size;
  /** Frames a second, on average, where that is known. */
  readonly frameRate: number | undefined;
}

/** The pictures of a video stream. */
export function picturesOf(video: VideoSource): InputPictures {
  return { display: displaySize(video), frameRate: video.frameRate };
}

/** One output with nothing left open. */
export interface Rendition {
  readonly destPath: string;
  readonly settings: EncoderSettings;
}

/**
 * Settles what each output is to be.
 *
 * @throws InvalidRequestError `settings_rejected_by_encoder` with every output that the input's size or rate makes impossible
 */
export function planRenditions(outputs: readonly OutputRequest[], input: InputPictures): Rendition[] {
  const renditions = outputs.map((output) => rendition(output, input.display));
  const [first, ...rest] = renditions.flatMap((each, index) => problemsOf(each, index, input.frameRate));
  if (first) throw new InvalidRequestError([first, ...rest], 'settings_rejected_by_encoder');
  return renditions;
}

function rendition(output: OutputRequest, display: Size): Rendition {
  const { profile, level, coder } = output;
  return {
    destPath: output.dest_path,
    settings: {
      size: outputSize(output.resolution, display),
      interpolation: output.scale_interp_algo,
      preset: output.preset,
      profile,
      level: level === 'auto' ? undefined : level,
      entropyCoder: coder ?? (profile === 'baseline' ? 'cavlc' : 'cabac'),
      rateControl: rateControl(output),
    },
  };
}

function problemsOf({ settings }: Rendition, index: number, frameRate: number | undefined): Problem[] {
  const { size, level, profile } = settings;
  const code = 'settings_rejected_by_encoder';
  const [shorter, longer] = [Math.min(size.width, size.height), Math.max(size.width, size.height)];
  if (shorter < MIN_SIDE || longer > H264_MAX_SIDE) {
    const message = `comes to ${size.width}x${size.height} for this input, and sides must have ${MIN_SIDE} to ${H264_MAX_SIDE} pixels; give both sides`;
    return [{ path: `outputs[${index}].resolution`, code, message }];
  }
  // Averages of what is nominally 30 frames/s lie a little above or below it.
  const nominalRate = frameRate && Math.round(frameRate);
  const exceeded = level && levelExceeded(level, profile, { ...size, frameRate: nominalRate });
  if (exceeded === undefined) return [];
  const message = `is too low for this input: ${exceeded}; use a higher level or auto`;
  return [{ path: `outputs[${index}].level`, code, message }];
}
