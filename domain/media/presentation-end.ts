import { OctetError } from '../errors.ts';
import type { SampleTimes } from '../mp4/sample-times.ts';
import type { MediaSource, VideoSource } from './source.ts';

/** Of a file that is cut short, so much must be there for what is there to be delivered. */
const ENOUGH = 0.995;

/** Seconds that a frame lasts where nothing tells. */
const USUAL_DURATION = 1 / 25;

/** Seconds that a frame lasts on average: as the input says, else as its frames were encoded. */
export function averageFrameDuration(
  { frameRate }: Pick<VideoSource, 'frameRate'>,
  { frames, lastPicture }: SampleTimes,
): number {
  if (frameRate !== undefined) return 1 / frameRate;
  return frames > 1 ? lastPicture / (frames - 1) : USUAL_DURATION;
}

/**
 * The time at which an encoded presentation ends, in seconds from its first picture: as the input promised, or else when
 * its last picture has been shown as long as others.
 *
 * An input that promised more than was decoded is cut short; unless all the frames that it promised are there, and the
 * last of them is only shown for long.
 *
 * @throws OctetError `input_corrupt`
 */
export function presentationEnd({ duration, video }: MediaSource, times: SampleTimes): number {
  const { frames, lastPicture } = times;
  const frameDuration = averageFrameDuration(video, times);
  const decoded = lastPicture + frameDuration;
  if (duration?.of !== 'stream') return decoded;
  const promised = duration.seconds;
  const hasAllFrames = video.frames !== undefined && frames >= video.frames * ENOUGH;
  const isWhole = promised - decoded < frameDuration / 2 || hasAllFrames;
  if (isWhole) return promised > lastPicture ? promised : decoded;
  if (decoded < promised * ENOUGH) throw cutShort(decoded, promised);
  return decoded;
}

function cutShort(decoded: number, promised: number): OctetError {
  const [there, wanted] = [decoded, promised].map((seconds) => seconds.toFixed(2));
  return new OctetError(
    'input_corrupt',
    `The input promises ${wanted} s of video and only ${there} s can be decoded: check that its upload was complete.`,
  );
}
