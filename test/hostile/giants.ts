/** Files of a few bytes that claim to hold enormous pictures. */

/** An IVF file whose one VP8 keyframe has a picture of any size up to 16383x16383: RFC 6386, 9.1. */
export function vp8(width: number, height: number): Buffer {
  const frame = Buffer.alloc(400, 0x55);
  frame.set([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a]);
  frame.writeUInt16LE(width, 6);
  frame.writeUInt16LE(height, 8);
  return ivf('VP80', width, height, frame);
}

function ivf(codec: string, width: number, height: number, frame: Buffer): Buffer {
  const header = Buffer.alloc(32);
  header.write(`DKIF\0\0\x20\0${codec}`, 'latin1');
  header.writeUInt16LE(width, 12);
  header.writeUInt16LE(height, 14);
  header.set([25, 0, 0, 0, 1, 0, 0, 0, 1], 16);
  const frameHeader = Buffer.alloc(12);
  frameHeader.writeUInt32LE(frame.length);
  return Buffer.concat([header, frameHeader, frame]);
}

/** Uncompressed video of which nothing but the first bytes is there. */
export function yuv4mpeg(width: number, height: number): Buffer {
  const header = `YUV4MPEG2 W${width} H${height} F25:1 Ip A1:1 C420jpeg\nFRAME\n`;
  return Buffer.concat([Buffer.from(header), Buffer.alloc(1000, 0x80)]);
}

/** The chunks of an AVI file. */
function chunk(type: string, ...content: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32LE(
    content.reduce((sum, { length }) => sum + length, 0),
    4,
  );
  return Buffer.concat([header, ...content]);
}

const list = (type: string, ...content: readonly Buffer[]) => chunk('LIST', Buffer.from(type), ...content);

/** Motion JPEG in AVI, whose one picture has a header and nothing behind it: ITU-T T.81, B.2.2. */
export function motionJpeg(width: number, height: number, streams = 1): Buffer {
  const main = Buffer.alloc(56);
  main.writeUInt32LE(40_000);
  main.writeUInt32LE(1, 16);
  main.writeUInt32LE(streams, 24);
  const stream = Buffer.alloc(56);
  stream.write('vidsMJPG', 'latin1');
  stream.writeUInt32LE(1, 20);
  stream.writeUInt32LE(25, 24);
  stream.writeUInt32LE(1, 32);
  const format = Buffer.alloc(40);
  format.writeUInt32LE(40);
  format.writeInt32LE(width, 4);
  format.writeInt32LE(height, 8);
  format.set([1, 0, 24, 0], 12);
  format.write('MJPG', 16, 'latin1');
  const start = Buffer.from('ffd8ffdb004300', 'hex');
  const frame = Buffer.from('ffc00011080000000003011100021101031101', 'hex');
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const scan = Buffer.from('ffda000c03010002110311003f00', 'hex');
  const picture = Buffer.concat([start, Buffer.alloc(64, 1), frame, scan, Buffer.alloc(500, 0x2a)]);
  const one = list('strl', chunk('strh', stream), chunk('strf', format));
  const header = list('hdrl', chunk('avih', main), ...Array.from({ length: streams }, () => one));
  const content = [Buffer.from('AVI '), header, list('movi', chunk('00dc', picture))];
  return chunk('RIFF', ...content);
}

/** Flash video whose one picture is of any size up to 65535x65535, in the H.263 of its first years. */
export function flv(width: number, height: number): Buffer {
  // Sorenson's H.263 with a picture size in 16 bits: start code, version, reference, size 1, width and height.
  const bits = `${'0'.repeat(16)}1${'0'.repeat(13)}001${binary(width, 16)}${binary(height, 16)}00000`.padEnd(
    256,
    '01',
  );
  const picture = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const data = Buffer.concat([Buffer.from([0x12]), picture]);
  const tag = Buffer.alloc(11);
  tag.writeUInt32BE((9 << 24) | data.length);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(11 + data.length);
  return Buffer.concat([Buffer.from('464c5601010000000900000000', 'hex'), tag, data, size]);
}

function binary(value: number, length: number): string {
  return value.toString(2).padStart(length, '0');
}
