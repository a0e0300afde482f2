import { levelExceeded } from '../h264-levels.ts';
import { effectiveRc } from '../rate-control.ts';
import type { OutputRequest } from './output.ts';

/** What is wrong between two settings of one output, and at which of them to say so. */
export interface OutputProblem {
  readonly key: keyof OutputRequest;
  readonly message: string;
}

/**
 * The rules between the settings of one output.
 *
 * @param output the settings that are valid by themselves, `undefined` where the request has none; invalid ones are left
 *   out, so that every problem is told at once
 */
export function outputProblems(output: Partial<OutputRequest>): OutputProblem[] {
  return [qpWithOtherRc, cbrWithoutBitrate, cabacInBaseline, levelTooLow].flatMap(
    (rule) => rule(output) ?? [],
  );
}

function qpWithOtherRc({ qp, rc }: Partial<OutputRequest>): OutputProblem | undefined {
  if (qp === undefined || qp < 0 || rc === undefined || rc === 'constqp') return undefined;
  return { key: 'qp', message: `cannot be used with rc ${rc}; leave rc out or set it to constqp` };
}

function cbrWithoutBitrate(output: Partial<OutputRequest>): OutputProblem | undefined {
  const { rc, bitrate_kbps } = output;
  const isMissing = 'bitrate_kbps' in output && bitrate_kbps === undefined;
  if (!rc?.startsWith('cbr') || !isMissing) return undefined;
  return { key: 'bitrate_kbps', message: `is required with rc ${rc}` };
}

function cabacInBaseline({ coder, profile }: Partial<OutputRequest>): OutputProblem | undefined {
  if (coder !== 'cabac' || profile !== 'baseline') return undefined;
  return {
    key: 'coder',
    message: 'cannot be cabac with profile baseline; use cavlc, or profile main or high',
  };
}

function levelTooLow(output: Partial<OutputRequest>): OutputProblem | undefined {
  const { level, profile, resolution, qp = -1, rc } = output;
  if (level === undefined || level === 'auto' || profile === undefined) return undefined;
  const usesBitrate = effectiveRc({ rc, qp }) !== 'constqp';
  const exceeded = levelExceeded(level, profile, {
    ...(resolution?.width && resolution.height ? { width: resolution.width, height: resolution.height } : {}),
    bitrateKbps: usesBitrate ? output.bitrate_kbps : undefined,
  });
  return exceeded === undefined
    ? undefined
    : { key: 'level', message: `is too low: ${exceeded}; use a higher level or auto` };
}
