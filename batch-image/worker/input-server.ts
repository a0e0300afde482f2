import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BlockReader } from './block-reader.ts';

/** Serves an input to ffmpeg on this machine, so that ffmpeg never opens a user's URL. */
export interface InputServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on loopback, at any free port. */
export async function serveInput(reader: BlockReader): Promise<InputServer> {
  const server = createServer((request, response) => {
    // ffmpeg has jumped elsewhere and hung up, or the input failed, which the reader remembers.
    answer(reader, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/input`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  reader: BlockReader,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { size } = reader;
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start >= size) {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  const end = size - 1;
  response.writeHead(206, {
    'accept-ranges': 'bytes',
    'content-range': `bytes ${start}-${end}/${size}`,
    'content-length': size - start,
    'content-type': 'application/octet-stream',
  });
  for await (const piece of reader.read(start, end)) await written(response, piece);
  response.end();
}

/** Resolves when the bytes have left this process, so that their memory may be used again. */
function written(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}
