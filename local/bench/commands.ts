import { encoderArguments } from '../../domain/encoders/encoder-arguments.ts';
import type { Rendition } from '../../domain/plan/renditions.ts';
import { CLIP_RATE } from './clip.ts';

/** A rendition and the file that it is written to. */
export interface Target {
  readonly rendition: Rendition;
  readonly path: string;
}

const BEGIN = ['-v', 'error', '-nostdin', '-y'];

/** What somebody who knows ffmpeg would call: one decode, and the same encoders with the same settings as the service's. */
export function oneCommand(input: string, targets: readonly Target[]): string[] {
  const copies = targets.map((_, index) => `[copy${index}]`).join('');
  const scalers = targets.map((target, index) => `[copy${index}]${scaler(target)}[picture${index}]`);
  const graph = [`[0:v]split=${targets.length}${copies}`, ...scalers].join(';');
  const outputs = targets.flatMap((target, index) => ['-map', `[picture${index}]`, ...output(target)]);
  return [...BEGIN, '-i', input, '-filter_complex', graph, ...outputs];
}

/** What makes one rendition alone. */
export function commandOf(input: string, target: Target): string[] {
  return [...BEGIN, '-i', input, '-map', '0:v', '-vf', scaler(target), ...output(target)];
}

function scaler({ rendition }: Target): string {
  const { width, height } = rendition.settings.size;
  return `scale=${width}:${height}:flags=bicubic`;
}

function output({ rendition, path }: Target): string[] {
  const encoder = encoderArguments('libx264', rendition.settings, {
    frameRate: CLIP_RATE,
    hasConstantRate: true,
  });
  return [...encoder, '-movflags', '+faststart', path];
}
