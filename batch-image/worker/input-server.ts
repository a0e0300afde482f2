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
    answer(reader, request, response).catch((error: unknown) => {
      // Whoever has hung up, as ffmpeg does when it jumps elsewhere, does not want what could not be read either.
      if (!response.destroyed && !(error instanceof HungUpError)) reader.fail(error);
      response.destroy();
    });
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
  const range = rangeOf(request.headers.range, size);
  if (range.start >= size) {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  const { start, end } = range;
  response.writeHead(range.isWhole ? 200 : 206, {
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    'content-type': 'application/octet-stream',
    ...(!range.isWhole && { 'content-range': `bytes ${start}-${end}/${size}` }),
  });
  for await (const piece of reader.read(start, end)) await written(response, piece);
  response.end();
}

/** Nobody listens any more. */
class HungUpError extends Error {
  override readonly name = 'HungUpError';
}

interface Range {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly isWhole: boolean;
}

/** One range from a start on, which is all that ffmpeg asks for; anything else gets the whole file. */
function rangeOf(header: string | undefined, size: number): Range {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  const last = end === undefined || end === '' ? size - 1 : Math.min(Number(end), size - 1);
  return { start: Number(start ?? 0), end: last, isWhole: start === undefined };
}

/**
 * Resolves when the bytes have left this process, so that their memory may be used again. It listens for the connection's
 * end by itself, since a write to one that is just being closed is dropped without a word.
 */
function written(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const hungUp = () => reject(new HungUpError());
    response.once('close', hungUp);
    response.write(piece, (error) => {
      response.off('close', hungUp);
      if (error) reject(new HungUpError(error.message, { cause: error }));
      else resolve();
    });
  });
}
