import * as v from 'valibot';
import { OctetError } from '../../domain/errors.ts';
import type { Made } from '../../domain/job/job-record.ts';
import { type MadeFile, parseMadeFile } from '../../domain/media/made-file.ts';
import { PROBE_ARGUMENTS } from '../../domain/media/probe.ts';
import { decodeChecks, type Expectation, mismatches } from '../../domain/media/verification.ts';
import type { ToolPaths } from './env.ts';
import { runTool, ToolError } from './tool.ts';

/**
 * Reads an encoded file back and holds it against what it must be; its first and its last second are decoded, and
 * what is around its seams.
 *
 * @throws OctetError `output_verification_failed`
 */
export async function verify(
  path: string,
  expected: Expectation,
  encoder: string,
  tools: ToolPaths,
  signal: AbortSignal,
): Promise<Made> {
  const options = { environment: tools.environment, signal };
  try {
    const { stdout } = await runTool(tools.ffprobe, [...PROBE_ARGUMENTS, path], options);
    const file = parseMadeFile(stdout);
    const faults = mismatches(file, expected);
    for (const args of decodeChecks(path, expected.seams)) {
      const { warnings } = await runTool(tools.ffmpeg, args, options);
      faults.push(...warnings.slice(0, 1).map((line) => `does not decode cleanly (${line})`));
    }
    if (faults.length > 0) throw failed(faults.join(', '));
    return madeOf(file, encoder);
  } catch (error) {
    if (error instanceof ToolError || v.isValiError(error)) throw failed('cannot be read back', error);
    throw error;
  }
}

function failed(what: string, cause?: unknown): OctetError {
  const message = `The encoded file ${what}; send the job again.`;
  return new OctetError('output_verification_failed', message, { cause });
}

function madeOf(file: MadeFile, encoder: string): Made {
  const { codec, profile, level, width, height, frames, duration, bitrateKbps, size } = file;
  return { codec, profile, level, width, height, frames, duration, bitrate_kbps: bitrateKbps, size, encoder };
}
