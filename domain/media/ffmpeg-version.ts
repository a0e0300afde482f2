import type { FfmpegFeatures } from './ffmpeg-command.ts';

/** libavcodec's version in ffmpeg 5.1, which brought -fps_mode: https://ffmpeg.org/download.html#releases */
const FPS_MODE_SINCE = { major: 59, minor: 37 };

/**
 * What an ffmpeg knows, by what `ffmpeg -version` prints. Builds from git have no version number, but every build tells its
 * libraries' versions.
 */
export function featuresOf(versionText: string): FfmpegFeatures {
  const [, major, minor] = /libavcodec\s+(\d+)\.\s*(\d+)/.exec(versionText) ?? [];
  const isSame = Number(major) === FPS_MODE_SINCE.major;
  return {
    fpsMode: Number(major) > FPS_MODE_SINCE.major || (isSame && Number(minor) >= FPS_MODE_SINCE.minor),
  };
}
