import * as v from 'valibot';
import { planRenditions, type Rendition } from '../../domain/plan/renditions.ts';
import { type OutputWords, outputSchema, type Preset } from '../../domain/request/output.ts';

const STEPS = [
  { resolution: '1920x1080', bitrate_kbps: 5000 },
  { resolution: '1280x720', bitrate_kbps: 2800 },
  { resolution: '854x480', bitrate_kbps: 1400 },
  { resolution: '640x360', bitrate_kbps: 800 },
];

/** Four renditions of 1080p, as players switch between them. */
export function ladder(preset: Preset): OutputWords[] {
  return STEPS.map((step) => ({
    codec: 'h264',
    ...step,
    preset,
    dest_path: `bench/${step.resolution}.mp4`,
  }));
}

/** The same as the service settles it. */
export function ladderRenditions(preset: Preset, frameRate: number): Rendition[] {
  const outputs = ladder(preset).map((output) => v.parse(outputSchema, output));
  return planRenditions(outputs, { display: { width: 1920, height: 1080 }, frameRate });
}
