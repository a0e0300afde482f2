import { ffmpegWords } from './media-checks.ts';

/** What an H.264 bitstream says of itself, in the words of its headers (ITU-T H.264, 7.3.2 and 7.3.3). */
export interface H264Headers {
  readonly profileIdc: number;
  readonly levelIdc: number;
  readonly isCabac: boolean;
  /** The QP with which each slice starts. */
  readonly sliceQps: readonly number[];
}

/** Reads the headers of a file that has one sequence and one picture parameter set. */
export async function h264Headers(path: string): Promise<H264Headers> {
  const trace = await ffmpegWords('verbose', [
    ...['-i', path, '-map', '0:v', '-c', 'copy', '-bsf:v', 'trace_headers'],
    ...['-f', 'null', '-'],
  ]);
  const valuesOf = (field: string) =>
    [...trace.matchAll(new RegExp(`\\b${field} +[01]+ = (-?\\d+)`, 'g'))].map(([, value]) => Number(value));
  const only = (field: string) => {
    const values = new Set(valuesOf(field));
    const [value] = values;
    if (value === undefined || values.size > 1) throw new Error(`${path}: ${field} is ${[...values]}.`);
    return value;
  };
  const startingQp = 26 + only('pic_init_qp_minus26');
  return {
    profileIdc: only('profile_idc'),
    levelIdc: only('level_idc'),
    isCabac: only('entropy_coding_mode_flag') === 1,
    sliceQps: valuesOf('slice_qp_delta').map((delta) => startingQp + delta),
  };
}
