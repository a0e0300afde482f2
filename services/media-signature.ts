/** Bytes, as Latin-1 text, that stand at an offset. */
type Mark = readonly [offset: number, bytes: string];

/** The types of box that may come first in MP4 and QuickTime. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp', 'moof'];

/** How files in the common video containers begin. */
const SIGNATURES: readonly (readonly Mark[])[] = [
  ...FIRST_BOXES.map((type): Mark[] => [[4, type]]),
  // Matroska and WebM.
  [[0, '\x1a\x45\xdf\xa3']],
  // MPEG-TS: a sync byte in front of each packet; in M2TS behind four bytes of time.
  [0, 188].map((at): Mark => [at, 'G']),
  [4, 196].map((at): Mark => [at, 'G']),
  // MPEG-PS.
  [[0, '\x00\x00\x01\xba']],
  [
    [0, 'RIFF'],
    [8, 'AVI '],
  ],
  [[0, 'FLV']],
  // ASF, as in WMV.
  [[0, '\x30\x26\xb2\x75']],
  [[0, 'OggS']],
  // MXF.
  [[0, '\x06\x0e\x2b\x34']],
];

/** Whether a file begins like one of the common video containers. */
export function looksLikeMedia(firstBytes: Uint8Array): boolean {
  const text = Buffer.from(firstBytes.subarray(0, 256)).toString('latin1');
  return SIGNATURES.some((marks) => marks.every(([offset, bytes]) => text.startsWith(bytes, offset)));
}
