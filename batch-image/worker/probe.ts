import { OctetError } from '../../domain/errors.ts';
import { INPUT_LIMITS } from '../../domain/media/input-formats.ts';
import { PROBE_ARGUMENTS, parseProbe } from '../../domain/media/probe.ts';
import type { MediaSource } from '../../domain/media/source.ts';
import { looksLikeMedia } from '../../services/media-signature.ts';
import { describeNonMedia } from '../../services/media-sniffer.ts';
import type { ToolPaths } from './env.ts';
import { runTool, ToolError } from './tool.ts';
import { Watchdog } from './watchdog.ts';

const PROBE_LIMIT_MS = 120_000;

/**
 * Looks at an input with ffprobe.
 *
 * @param url the worker's own, of the input server
 * @param firstBytes of the input, to tell what it is when ffprobe cannot
 * @throws OctetError `input_not_media`, `input_corrupt` or `input_unsupported`
 */
export async function probe(
  url: string,
  firstBytes: Uint8Array,
  tools: ToolPaths,
  signal: AbortSignal,
): Promise<MediaSource> {
  const otherThing = describeNonMedia(firstBytes);
  if (otherThing !== undefined) throw notMedia(otherThing);
  const watchdog = new Watchdog(PROBE_LIMIT_MS, endless());
  try {
    const args = [...PROBE_ARGUMENTS, ...INPUT_LIMITS, url];
    const options = { environment: tools.environment, signal: AbortSignal.any([signal, watchdog.signal]) };
    const { stdout } = await runTool(tools.ffprobe, args, options);
    return parseProbe(stdout);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw looksLikeMedia(firstBytes) ? corrupt(error) : notMedia('in no format that is known');
  } finally {
    watchdog.stop();
  }
}

function endless(): OctetError {
  return new OctetError(
    'input_corrupt',
    'The header of the input could not be read in two minutes: check the file.',
  );
}

function notMedia(what: string): OctetError {
  return new OctetError('input_not_media', `The input is ${what}: give the URL of a video file.`);
}

function corrupt(cause: ToolError): OctetError {
  const message = 'The input cannot be opened as a video: check that its upload was complete.';
  return new OctetError('input_corrupt', message, { cause });
}
