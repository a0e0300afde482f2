import type { EncoderName } from '../../domain/encoders/settings.ts';
import type { FfmpegFeatures } from '../../domain/media/ffmpeg-command.ts';
import { selfTestArguments } from '../../domain/media/ffmpeg-command.ts';
import { featuresOf } from '../../domain/media/ffmpeg-version.ts';
import type { ToolPaths } from './env.ts';
import { HostUnfitError } from './host-unfit-error.ts';
import { runTool } from './tool.ts';

/** What the machine that the worker runs on can do. */
export interface Host {
  readonly encoder: EncoderName;
  readonly features: FfmpegFeatures;
}

/**
 * Finds out which encoder works here, by encoding a frame with it.
 *
 * @throws HostUnfitError when none does
 */
export async function examineHost(tools: ToolPaths, signal: AbortSignal): Promise<Host> {
  const encoder: EncoderName = 'libx264';
  const options = { environment: tools.environment, signal };
  try {
    const { stdout } = await runTool(tools.ffmpeg, ['-version'], options);
    await runTool(tools.ffmpeg, selfTestArguments(encoder), options);
    return { encoder, features: featuresOf(stdout) };
  } catch (cause) {
    signal.throwIfAborted();
    throw new HostUnfitError(`No encoder works on this host: ${String(cause)}`, { cause });
  }
}
