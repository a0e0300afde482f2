import type { Reply } from '../services/origin.ts';
import { box } from './mutations.ts';

/** Bytes that are sent at a time. */
const PIECE = 64 * 1024;

/**
 * An MP4 file of any size, in one box that is full of others: every byte of it is made as it is asked for.
 *
 * @param unit what the box is full of, 8 bytes of it
 */
export function endless(type: string, unit: Buffer, size: number): Reply {
  const first = Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0')), box(type)]);
  first.writeUInt32BE(size - 16, 16);
  const units = Buffer.concat(Array.from({ length: PIECE / unit.length + 1 }, () => unit));
  return (request, response) => {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const end = Math.min(to === '' ? size : Number(to) + 1, size);
    let at = Number(from);
    response.writeHead(206, {
      'content-range': `bytes ${at}-${end - 1}/${size}`,
      'content-length': end - at,
      etag: '"endless"',
    });
    const send = () => {
      while (at < end) {
        const rest =
          at < first.length
            ? first.subarray(at)
            : units.subarray(at % unit.length, (at % unit.length) + PIECE);
        const piece = rest.subarray(0, end - at);
        at += piece.length;
        if (!response.write(piece)) {
          response.once('drain', send);
          return;
        }
      }
      response.end();
    };
    send();
  };
}
