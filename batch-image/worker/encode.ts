import { encodeArguments, staysOnGpu } from '../../domain/media/ffmpeg-command.ts';
import { readFailure, readHostFailure } from '../../domain/media/ffmpeg-failure.ts';
import { type EncodeProgress, parseProgress } from '../../domain/media/progress.ts';
import type { MediaSource } from '../../domain/media/source.ts';
import { logInfo } from '../../services/log.ts';
import type { ToolPaths } from './env.ts';
import type { Host } from './host.ts';
import { HostUnfitError } from './host-unfit-error.ts';
import { runTool, ToolError } from './tool.ts';
import type { EncodedFile } from './transcoding.ts';

export interface EncodeJob {
  readonly tools: ToolPaths;
  readonly host: Host;
  readonly url: string;
  readonly source: MediaSource;
  /** The files to make. */
  readonly files: readonly EncodedFile[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EncodeProgress) => void;
}

/**
 * Encodes every rendition in one process, with one decode.
 *
 * @returns how many frames went into each file
 * @throws OctetError for what the input or the settings are at fault for; HostUnfitError; the signal's reason
 */
export async function encode(job: EncodeJob): Promise<number> {
  const { source, host } = job;
  const onGpu = staysOnGpu(source.video, host.gpu);
  try {
    return await runEncoder(job, onGpu);
  } catch (error) {
    if (!onGpu || !(error instanceof ToolError)) throw error;
    logInfo('The GPU could not decode the input, so software does.', { reason: error.message });
    return runEncoder(job, false);
  }
}

async function runEncoder(job: EncodeJob, onGpu: boolean): Promise<number> {
  const { encoder, features } = job.host;
  const targets = job.files.map(({ rendition, path }) => ({ settings: rendition.settings, path }));
  const args = encodeArguments({ url: job.url, source: job.source.video, targets, encoder, onGpu, features });
  let frames = 0;
  const onReport = (progress: EncodeProgress) => {
    frames = progress.frames;
    job.onProgress(progress);
  };
  try {
    await runTool(job.tools.ffmpeg, args, {
      environment: job.tools.environment,
      signal: job.signal,
      onLine: reportsOf(onReport),
    });
    return frames;
  } catch (error) {
    throw error instanceof ToolError ? readToolError(error) : error;
  }
}

/** Collects the lines of ffmpeg's reports, each of which ends with `progress=`. */
function reportsOf(onReport: (progress: EncodeProgress) => void): (line: string) => void {
  let report = '';
  return (line) => {
    report += `${line}\n`;
    if (!line.startsWith('progress=')) return;
    onReport(parseProgress(report));
    report = '';
  };
}

function readToolError(error: ToolError): Error {
  const isDiskFull = error.lines.some((line) => line.includes('No space left on device'));
  if (isDiskFull) return new HostUnfitError('The scratch space is full.', { cause: error });
  const hostFailure = readHostFailure(error.lines);
  if (hostFailure !== undefined) return new HostUnfitError(hostFailure, { cause: error });
  return readFailure(error.lines) ?? error;
}
