/** How far ffmpeg has come. */
export interface EncodeProgress {
  /** Frames written to the first output. */
  readonly frames: number;
  /** Seconds of the output's time line that are encoded. */
  readonly seconds: number;
}

/**
 * Parses one report of ffmpeg's `-progress`: lines of `key=value` that end with `progress=continue` or `progress=end`.
 * Before the first frame some values are `N/A`, which counts as 0.
 */
export function parseProgress(report: string): EncodeProgress {
  const values = new Map(report.split('\n').map((line) => splitOnce(line.trim())));
  return {
    frames: numberOr0(values.get('frame')),
    // out_time_ms holds microseconds in every version, and out_time_us is missing before 4.2.
    seconds: Math.max(0, numberOr0(values.get('out_time_ms')) / 1e6),
  };
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1).trim()];
}

function numberOr0(text: string | undefined): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
}
