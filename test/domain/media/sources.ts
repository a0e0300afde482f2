import type { MediaSource, VideoSource } from '../../../domain/media/source.ts';

/** A plain 1080p video stream, with some facts replaced. */
export function videoSource(facts: Partial<VideoSource> = {}): VideoSource {
  return {
    index: 0,
    codec: 'h264',
    profile: 'High',
    pixelFormat: 'yuv420p',
    width: 1920,
    height: 1080,
    pixelAspect: 1,
    orientation: 'upright',
    interlaced: false,
    startTime: 0,
    frameRate: 25,
    hasConstantRate: true,
    frames: undefined,
    colour: { range: 'limited', matrix: 'bt709', transfer: 'bt709', primaries: 'bt709' },
    ...facts,
  };
}

/** A file of 10 s in MP4. */
export function mediaSource(facts: Partial<MediaSource> = {}): MediaSource {
  return {
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    duration: { seconds: 10, of: 'stream' },
    streams: 2,
    video: videoSource(),
    ...facts,
  };
}
