import type { EncoderName } from '../../domain/encoders/settings.ts';
import type { FfmpegFeatures } from '../../domain/media/ffmpeg-command.ts';
import { selfTestArguments } from '../../domain/media/ffmpeg-command.ts';
import { readHostFailure } from '../../domain/media/ffmpeg-failure.ts';
import { featuresOf } from '../../domain/media/ffmpeg-version.ts';
import { type Gpu, parseGpu } from '../../domain/media/gpu.ts';
import type { ToolPaths } from './env.ts';
import { HostUnfitError } from './host-unfit-error.ts';
import { runTool, ToolError } from './tool.ts';

/** What the machine that the worker runs on can do. */
export interface Host {
  readonly encoder: EncoderName;
  /** Undefined where the CPU encodes. */
  readonly gpu: Gpu | undefined;
  readonly features: FfmpegFeatures;
}

/** Best first. */
const ENCODERS: readonly EncoderName[] = ['h264_nvenc', 'libx264'];
const GPU_ENCODERS: readonly EncoderName[] = ['h264_nvenc'];

export interface HostQuestion {
  readonly tools: ToolPaths;
  readonly isGpuRequired: boolean;
}

/**
 * Finds the best encoder that works here, by encoding a frame with each, side by side.
 *
 * @throws HostUnfitError when none does, or none on a GPU where one is required
 */
export async function examineHost(
  { tools, isGpuRequired }: HostQuestion,
  signal: AbortSignal,
): Promise<Host> {
  const options = { environment: tools.environment, signal };
  const failures: unknown[] = [];
  const attempt = async (args: string[]) => {
    try {
      return await runTool(tools.ffmpeg, args, options);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error);
      return undefined;
    }
  };
  const test = async (encoder: EncoderName) => ({
    encoder,
    output: await attempt(selfTestArguments(encoder)),
  });
  const encoders = isGpuRequired ? GPU_ENCODERS : ENCODERS;
  const [version, ...tests] = await Promise.all([attempt(['-version']), ...encoders.map(test)]);
  const best = tests.find(({ output }) => output !== undefined);
  if (version && best?.output) {
    const { encoder, output } = best;
    return { encoder, gpu: parseGpu(output.warnings), features: featuresOf(version.stdout) };
  }
  throw new HostUnfitError(`No encoder works on this host: ${failures.map(reasonOf).join('; ')}`, {
    cause: new AggregateError(failures),
  });
}

function reasonOf(failure: unknown): string {
  const told = failure instanceof ToolError ? readHostFailure(failure.lines) : undefined;
  return told ?? String(failure);
}
