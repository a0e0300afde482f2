// Runs in the image: calls a part of the worker where the ffmpeg is that it is made for, and prints what comes of it.
//   ask-worker.ts examine required|optional
//   ask-worker.ts encode URL WIDTH HEIGHT LEVEL
import { encode } from '../../../../batch-image/worker/encode.ts';
import { examineHost } from '../../../../batch-image/worker/host.ts';
import type { EncoderSettings } from '../../../../domain/encoders/settings.ts';
import type { H264Level } from '../../../../domain/h264-levels.ts';
import type { Gpu } from '../../../../domain/media/gpu.ts';
import { mediaSource, videoSource } from '../../../domain/media/sources.ts';

/** What has become of a call: its value, or the error that it has thrown. */
export interface WorkerAnswer {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly code?: unknown; readonly message: string };
}

const tools = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe', environment: process.env };
/** Which the stand-in is where it is not told otherwise. It decodes nothing, so that the worker turns to software for that. */
const T4: Gpu = { name: 'Stand-in T4', computeCapability: 7.5 };
const { signal } = new AbortController();

const CALLS: Readonly<Record<string, (...words: string[]) => Promise<unknown>>> = {
  examine: (gpu) => examineHost({ tools, isGpuRequired: gpu === 'required' }, signal),
  encode: (url = '', width, height, level) => {
    const settings: EncoderSettings = {
      size: { width: Number(width), height: Number(height) },
      interpolation: 'nn',
      preset: 'hp',
      profile: 'high',
      level: level === 'auto' ? undefined : (level as H264Level),
      entropyCoder: 'cabac',
      rateControl: { mode: 'constqp', qp: 40 },
    };
    const path = '/scratch/made.mp4';
    return encode({
      tools,
      host: { encoder: 'h264_nvenc', gpu: T4, features: { fpsMode: true, movieTimescale: true } },
      url,
      source: mediaSource({ video: videoSource({ width: 320, height: 180 }) }),
      files: [{ path, rendition: { destPath: 'made.mp4', settings } }],
      signal,
      onProgress: () => undefined,
    });
  },
};

async function answer([call = '', ...words]: readonly string[]): Promise<WorkerAnswer> {
  try {
    return { value: await CALLS[call]?.(...words) };
  } catch (error) {
    const { name, message, code } = error as Error & { code?: unknown };
    return { error: { name, message, code } };
  }
}

console.log(JSON.stringify(await answer(process.argv.slice(2))));
