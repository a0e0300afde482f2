import type { FfmpegFeatures } from './ffmpeg-command.ts';

/** libavcodec's versions in the releases of ffmpeg that brought something: https://ffmpeg.org/download.html#releases */
const SINCE = { fpsMode: [59, 37], movieTimescale: [59, 18] } as const;

/**
 * What an ffmpeg knows, by what `ffmpeg -version` prints. Builds from git have no version number, but every build tells its
 * libraries' versions.
 */
export function featuresOf(versionText: string): FfmpegFeatures {
  const [, major, minor] = /libavcodec\s+(\d+)\.\s*(\d+)/.exec(versionText) ?? [];
  const isSince = ([sinceMajor, sinceMinor]: readonly [number, number]) =>
    Number(major) > sinceMajor || (Number(major) === sinceMajor && Number(minor) >= sinceMinor);
  return { fpsMode: isSince(SINCE.fpsMode), movieTimescale: isSince(SINCE.movieTimescale) };
}
