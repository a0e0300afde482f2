/** Bytes of a frame's beginning that tell whether it is a note, and how long that is. */
export const NOTE_BEGINNING = 64;

/** A NAL unit of supplemental information (6) that has not been registered (5). ITU-T H.264, 7.3.2.3 and D.1.7. */
const [INFORMATION, UNREGISTERED] = [6, 5];

/** What x264 marks its notes with: https://code.videolan.org/videolan/x264/-/blob/stable/encoder/set.c */
const X264 = 'dc45e9bde6d948b7962cd820d923eeef';

/** Of a NAL unit's size in an MP4 file. ISO/IEC 14496-15, 5.3.3 */
const SIZE_BYTES = 4;

/**
 * How long the note is with which x264 begins a stream, where a frame begins with one: its version and all its settings, about
 * 700 bytes.
 *
 * @param frame its first bytes
 * @returns bytes; 0 where there is no note
 */
export function encoderNoteBytes(frame: Buffer): number {
  if (frame.length < NOTE_BEGINNING || frame[SIZE_BYTES] !== INFORMATION) return 0;
  let at = SIZE_BYTES + 1;
  if (frame[at++] !== UNREGISTERED) return 0;
  // The payload's size: as many bytes of 255 as it takes, and one of less.
  while (frame[at] === 0xff) at++;
  at++;
  return frame.toString('hex', at, at + X264.length / 2) === X264 ? SIZE_BYTES + frame.readUInt32BE(0) : 0;
}
