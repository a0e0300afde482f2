/** Seconds as ffmpeg reads them, to the microsecond that it knows. */
export function seconds(value: number): string {
  return value.toFixed(6);
}
