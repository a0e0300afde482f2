import { encoderArguments } from '../../domain/encoders/encoder-arguments.ts';
import { pictureGraph, pictureLabel } from '../../domain/media/picture-graph.ts';
import { largerPictures, type Picture } from '../../domain/media/pictures.ts';
import type { Rendition } from '../../domain/plan/renditions.ts';
import { CLIP_RATE, CLIP_SIZE } from './clip.ts';

/** A rendition and the file that it is written to. */
export interface Target {
  readonly rendition: Rendition;
  readonly path: string;
}

const BEGIN = ['-v', 'error', '-nostdin', '-y'];

/**
 * What somebody who knows ffmpeg well would call: one decode, small pictures scaled from larger ones, and the same encoders
 * with the same settings as the service's.
 */
export function oneCommand(input: string, targets: readonly Target[]): string[] {
  const graph = clipPictureGraph(targets.map(({ rendition }) => rendition.settings));
  const outputs = targets.flatMap((target, index) => ['-map', pictureLabel(index), ...output(target)]);
  return [...BEGIN, '-i', input, '-filter_complex', graph, ...outputs];
}

/** Makes pictures of the clip. */
export function clipPictureGraph(pictures: readonly Picture[]): string {
  const input = { stream: '[0:v]', filters: [] };
  return pictureGraph(input, pictures, largerPictures(pictures, CLIP_SIZE), (picture) => [scaler(picture)]);
}

/** What makes one rendition alone. */
export function commandOf(input: string, target: Target): string[] {
  return [...BEGIN, '-i', input, '-map', '0:v', '-vf', scaler(target.rendition.settings), ...output(target)];
}

function scaler({ size: { width, height } }: Picture): string {
  return `scale=${width}:${height}:flags=bicubic`;
}

function output({ rendition, path }: Target): string[] {
  const encoder = encoderArguments('libx264', rendition.settings, {
    frameRate: CLIP_RATE,
    hasConstantRate: true,
  });
  return [...encoder, '-movflags', '+faststart', path];
}
