import type { JobResource, OutputResource } from '../../domain/job/job-resource.ts';

const HEADINGS = ['file', 'size', 'MB', 'codec', 'profile', 'kbit/s', 'frames', 'encoder', 'x realtime'];

/** What was made, a row for each output. */
export function resultTable(job: JobResource): string {
  const speed = speedOf(job);
  const rows = [HEADINGS, ...job.outputs.map((output) => rowOf(output, speed))];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

function rowOf(output: OutputResource, speed: string): string[] {
  const { dest_path, status, error } = output;
  if (status !== 'complete') return [dest_path, status, error?.message ?? ''];
  return [
    dest_path,
    `${output.width}x${output.height}`,
    ((output.size ?? 0) / 1e6).toFixed(1),
    output.codec ?? '',
    `${output.profile}@${output.level}`,
    String(output.bitrate_kbps),
    String(output.frames),
    output.encoder ?? '',
    speed,
  ];
}

/** Seconds of video for each second of encoding. All outputs are encoded at the same time. */
function speedOf({ outputs, timings }: JobResource): string {
  const { started = 0, encoded = 0 } = timings;
  const longest = Math.max(...outputs.map(({ duration = 0 }) => duration));
  return (longest / (encoded - started)).toFixed(1);
}
