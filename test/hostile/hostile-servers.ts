import { file, garbage, hangUp, type Reply, status } from '../services/origin.ts';

const notMedia = (what: string) => new RegExp(`is ${what}, not a media file`);

/**
 * What servers give instead of a video, and why that is refused: the words of a file, in which `PORT` stands for that of a
 * server on loopback, or an answer.
 */
export const HOSTILE_INPUTS: readonly [what: string, input: string | Reply, code: string, message: RegExp][] =
  [
    [
      'a zip',
      file(Buffer.from(`PK\x03\x04${'-'.repeat(100)}`)),
      'input_not_media',
      notMedia('a ZIP archive'),
    ],
    ['a gzip', file(Buffer.from('1f8b0800', 'hex')), 'input_not_media', notMedia('a gzip archive')],
    [
      'an HLS playlist',
      '#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:PORT/a.ts\n#EXT-X-ENDLIST\n',
      'input_not_media',
      notMedia('a playlist \\(HLS\\)'),
    ],
    [
      'an HLS playlist with a key in a file',
      '\ufeff#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/passwd"\n',
      'input_not_media',
      notMedia('a playlist \\(HLS\\)'),
    ],
    [
      'a DASH manifest',
      '<?xml version="1.0"?><MPD><Period><BaseURL>http://127.0.0.1:PORT/</BaseURL></Period></MPD>',
      'input_not_media',
      notMedia('a playlist \\(DASH\\)'),
    ],
    [
      'a concat list',
      "ffconcat version 1.0\nfile 'http://127.0.0.1:PORT/a.mp4'\nfile /etc/passwd\n",
      'input_not_media',
      notMedia('text'),
    ],
    [
      'a session description',
      'v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video PORT RTP/AVP 96\n',
      'input_not_media',
      notMedia('text'),
    ],
    ['an SMIL document', '<smil><video src="http://127.0.0.1:PORT/"/></smil>', 'input_not_media', /XML/],
    ['an SVG', '<svg><image href="file:///etc/passwd"/></svg>', 'input_not_media', /XML/],
    [
      'a login page',
      '<!doctype html><title>Log in</title>',
      'input_not_media',
      notMedia('a web page \\(text/html\\)'),
    ],
    ['nothing', file(Buffer.alloc(0)), 'input_not_media', /is empty/],
    [
      'a promise of 100 GB that ends at once',
      file(Buffer.alloc(300_000), { contentRange: 'bytes 0-262143/100000000000', cutAfter: 1000 }),
      'input_unreachable',
      /the server closed the connection/,
    ],
    [
      'the whole of 100 GB at once',
      status(200, { 'content-length': '100000000000' }, '\0'.repeat(2000)),
      'input_no_range_support',
      /does not answer range requests/,
    ],
    [
      'a bomb of gzip',
      file(Buffer.alloc(1000), { headers: { 'content-encoding': 'gzip' } }),
      'input_no_range_support',
      /is served compressed/,
    ],
    [
      'a file of no size',
      file(Buffer.alloc(1000), { contentRange: 'bytes 0-999/*' }),
      'input_no_range_support',
      /does not tell the file's size/,
    ],
    [
      'another range than was asked for',
      file(Buffer.alloc(1000), { contentRange: 'bytes 500-999/1000' }),
      'input_no_range_support',
      /does not answer range requests/,
    ],
    ['endless headers', endlessHeaders, 'input_unreachable', /the server does not answer in HTTP/],
    ['another protocol', garbage, 'input_unreachable', /the server does not answer in HTTP/],
    ['a hung up line', hangUp, 'input_unreachable', /the server closed the connection/],
  ];

export function endlessHeaders(...[request]: Parameters<Reply>): void {
  const { socket } = request;
  socket.on('error', () => {});
  socket.write('HTTP/1.1 206 Partial Content\r\n');
  const more = () => {
    while (!socket.destroyed && socket.write(`x-filler: ${'a'.repeat(1000)}\r\n`));
  };
  socket.on('drain', more);
  more();
}

/** Never silent for long, and never done. */
export function dripping(...[request]: Parameters<Reply>): void {
  const { socket } = request;
  socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => socket.write('.'), 20);
  socket.on('error', () => {}).on('close', () => clearInterval(timer));
}

export function hundredGigabytes(...[request, response]: Parameters<Reply>): void {
  const [, start] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
  const range = start === '0' ? 'bytes 0-262143/100000000000' : 'bytes */262144';
  response.writeHead(start === '0' ? 206 : 416, { 'content-range': range });
  response.end(start === '0' ? Buffer.alloc(262_144) : undefined);
}
