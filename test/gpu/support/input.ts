import type { Command } from './in-image/run-commands.ts';

/** Where a container has the input of its commands. */
export const INPUT_PATH = '/scratch/input.mp4';

/** Stands in a command for the URL at which the input is served. */
export const INPUT_URL = 'http://input.example/';

export const INPUT_SIZE = { width: 320, height: 180 };
export const INPUT_FRAME_RATE = 25;
export const INPUT_FRAMES = 5;

/** Makes the input. */
export const MAKE_INPUT: Command = {
  args: [
    ...(['ffmpeg', '-v', 'error', '-nostdin', '-f', 'lavfi', '-i'] as const),
    `testsrc2=size=${INPUT_SIZE.width}x${INPUT_SIZE.height}:rate=${INPUT_FRAME_RATE}`,
    ...['-frames:v', String(INPUT_FRAMES), '-pix_fmt', 'yuv420p', '-color_range', 'tv'],
    ...['-movflags', '+faststart', INPUT_PATH],
  ],
};
