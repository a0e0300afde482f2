import { OctetError } from '../../domain/errors.ts';
import { encodeArguments, staysOnGpu } from '../../domain/media/ffmpeg-command.ts';
import { readFailure, readHostFailure } from '../../domain/media/ffmpeg-failure.ts';
import { type EncodeProgress, parseProgress } from '../../domain/media/progress.ts';
import type { MediaSource } from '../../domain/media/source.ts';
import type { Span } from '../../domain/plan/spans.ts';
import { logInfo } from '../../services/log.ts';
import type { ToolPaths } from './env.ts';
import type { Host } from './host.ts';
import { HostUnfitError } from './host-unfit-error.ts';
import { runTool, ToolError } from './tool.ts';
import type { EncodedFile } from './transcoding.ts';
import { Watchdog } from './watchdog.ts';

const STALL_MS = 5 * 60_000;

export interface EncodeJob {
  readonly tools: ToolPaths;
  readonly host: Host;
  readonly url: string;
  readonly source: MediaSource;
  /** The part of the time line that is encoded. Undefined for all of it. */
  readonly span?: Span | undefined;
  /** The files to make. */
  readonly files: readonly EncodedFile[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EncodeProgress) => void;
  /** Milliseconds without another picture after which it is given up. @default 5 minutes */
  readonly stallMs?: number;
}

/**
 * Encodes every rendition in one process, with one decode.
 *
 * @returns how many frames went into each file; a span may have none, and makes no file then
 * @throws OctetError for what the input or the settings are at fault for; HostUnfitError; the signal's reason
 */
export async function encode(job: EncodeJob): Promise<number> {
  const { source, host } = job;
  const onGpu = staysOnGpu(source.video, host.gpu);
  try {
    return await runEncoder(job, onGpu);
  } catch (error) {
    if (!onGpu || !(error instanceof ToolError || error instanceof NoPictureError)) throw error;
    logInfo('The GPU could not decode the input, so software does.', { reason: error.message });
    return runEncoder(job, false);
  }
}

async function runEncoder(job: EncodeJob, onGpu: boolean): Promise<number> {
  const { encoder, features } = job.host;
  const targets = job.files.map(({ rendition, path }) => ({ settings: rendition.settings, path }));
  const { url, source, span } = job;
  const { video, duration } = source;
  const args = encodeArguments({
    ...{ url, source: video, targets, encoder, onGpu, span, features },
    duration: duration?.seconds,
  });
  const watchdog = new Watchdog(job.stallMs ?? STALL_MS, standstill());
  let frames = 0;
  const onReport = (progress: EncodeProgress) => {
    if (progress.frames > frames) watchdog.hear();
    frames = progress.frames;
    job.onProgress(progress);
  };
  try {
    await runTool(job.tools.ffmpeg, args, {
      environment: job.tools.environment,
      signal: AbortSignal.any([job.signal, watchdog.signal]),
      onLine: reportsOf(onReport),
    });
    if (frames === 0 && span === undefined) throw new NoPictureError();
    return frames;
  } catch (error) {
    throw error instanceof ToolError ? readToolError(error) : error;
  } finally {
    watchdog.stop();
  }
}

/** ffmpeg has nothing against files of which it makes nothing. */
class NoPictureError extends OctetError {
  constructor() {
    super('input_corrupt', 'Not one picture of the input can be decoded: check the file.');
  }
}

/** Files are made that keep a decoder busy for ever, and servers send a byte a minute. */
function standstill(): OctetError {
  const message =
    'Not one more picture of the input came for minutes: check the file, and the server that it is on.';
  return new OctetError('input_corrupt', message);
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
