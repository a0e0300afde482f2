import type { FfmpegFeatures } from './ffmpeg-command.ts';

/** libavcodec's versions in the releases of ffmpeg that brought something: https://ffmpeg.org/download.html#releases */
const SINCE = { fpsMode: [59, 37], movieTimescale: [59, 18] } as const;

/**
 * What an ffmpeg knows, by its banner. Builds from git have no version number, but every build tells its libraries' versions.
 */
export function featuresOf(banner: string): FfmpegFeatures {
  const [, major, minor] = /libavcodec\s+(\d+)\.\s*(\d+)/.exec(banner) ?? [];
  const isSince = ([sinceMajor, sinceMinor]: readonly [number, number]) =>
    Number(major) > sinceMajor || (Number(major) === sinceMajor && Number(minor) >= sinceMinor);
  return { fpsMode: isSince(SINCE.fpsMode), movieTimescale: isSince(SINCE.movieTimescale) };
}
