import { OctetError } from '../errors.ts';
import type { SampleTimes } from '../mp4/sample-times.ts';
import type { MediaSource } from './source.ts';

/** Of a file that is cut short, so much must be there for what is there to be delivered. */
const ENOUGH = 0.995;

/**
 * The time at which an encoded presentation ends, in seconds from its first picture: as the input promised, or else when
 * its last picture has been shown as long as others.
 *
 * An input that promised more than was decoded is cut short; unless all the frames that it promised are there, and the
 * last of them is only shown for long.
 *
 * @throws OctetError `input_corrupt`
 */
export function presentationEnd(
  { duration, video }: MediaSource,
  { frames, lastPicture }: SampleTimes,
): number {
  const frameDuration = 1 / video.frameRate;
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
