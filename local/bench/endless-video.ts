import { type LocalServer, listenOnLoopback } from '../http-server.ts';

const [WIDTH, HEIGHT] = [1280, 720];

const HEADER = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F25:1 Ip A1:1 C420jpeg\n`);

/** One grey picture in YUV4MPEG2, which is what the whole video repeats. */
const FRAME = Buffer.concat([Buffer.from('FRAME\n'), Buffer.alloc((WIDTH * HEIGHT * 3) / 2, 0x80)]);

/** Serves an uncompressed video of any size, which lies nowhere: every byte of it is made as it is asked for. */
export async function serveVideo(frames: number): Promise<LocalServer & { readonly size: number }> {
  const size = HEADER.length + frames * FRAME.length;
  const server = await listenOnLoopback((request, response) => {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from);
    const end = Math.min(to === '' ? Infinity : Number(to), size - 1);
    response.writeHead(206, {
      'content-range': `bytes ${start}-${end}/${size}`,
      'content-length': end - start + 1,
      etag: '"grey"',
    });
    let at = start;
    const send = () => {
      while (at <= end) {
        const piece = pieceAt(at, end);
        at += piece.length;
        if (!response.write(piece)) {
          response.once('drain', send);
          return;
        }
      }
      response.end();
    };
    send();
  });
  return { ...server, size };
}

function pieceAt(at: number, end: number): Buffer {
  const most = end - at + 1;
  if (at < HEADER.length) return HEADER.subarray(at, at + most);
  const offset = (at - HEADER.length) % FRAME.length;
  return FRAME.subarray(offset, offset + most);
}
