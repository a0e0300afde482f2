import { colourClips } from './colour-clips.ts';
import { longClips } from './long-clips.ts';
import { otherFiles } from './other-files.ts';
import { type Clip, encoded } from './recipe.ts';
import { shapeClips } from './shape-clips.ts';
import { faststart } from './sources.ts';
import { timingClips } from './timing-clips.ts';

/**
 * 12 s in which there is always more to see than an encoder can keep: at 640x360 libx264 meets every rate from 1 to
 * 3 Mbit/s, constant and variable.
 */
const natural = {
  make: encoded(
    ['mandelbrot=size=640x360:rate=25:maxiter=500,noise=all_strength=8:all_flags=t'],
    `-t 12 -c:v libx264 -preset superfast -crf 22 -maxrate 12M -bufsize 24M -pix_fmt yuv420p ${faststart}`,
  ),
  facts: {
    storedWidth: 640,
    storedHeight: 360,
    displayWidth: 640,
    displayHeight: 360,
    frames: 300,
    duration: 12,
  },
  traits: {},
} satisfies Clip;

const videoClips = { ...colourClips, ...shapeClips, ...timingClips, 'natural.mp4': natural };

export type ClipName = keyof typeof videoClips;

/** Clips for tests, by file name: small ones of 2 s with one trait each, and `natural.mp4`. */
export const CLIPS: Readonly<Record<ClipName, Clip>> = videoClips;

export type LongClipName = keyof typeof longClips;

/** Clips for what happens to long inputs. */
export const LONG_CLIPS: Readonly<Record<LongClipName, Pick<Clip, 'make' | 'needs'>>> = longClips;

export type OtherFileName = keyof typeof otherFiles;

/** Files for tests in which there is no whole video. */
export const OTHER_FILES: Readonly<Record<OtherFileName, Pick<Clip, 'make'>>> = otherFiles;
