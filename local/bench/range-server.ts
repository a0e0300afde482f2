import { type FileHandle, open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';

/** How a server answers that is not on this machine. */
export interface Distance {
  /** Milliseconds from a request to the first byte of its answer. */
  readonly latencyMs: number;
  /** Bytes that a connection carries in so many milliseconds, as TCP's window bounds it. @default as many as go through */
  readonly windowBytes?: number;
  /** That a connection carries at most. @default as many as go through */
  readonly bytesPerSecond?: number;
  /** Of so many requests one is cut in the middle of its answer. @default none is */
  readonly cutEach?: number;
}

export interface RangeServer extends LocalServer {
  /** Connections that were cut. */
  readonly cuts: number;
}

const PIECE = 256 * 1024;

/** Serves a file in ranges, as from a distance. */
export async function serveFile(path: string, distance: Distance): Promise<RangeServer> {
  const file = await open(path);
  const { size } = await file.stat();
  let requests = 0;
  let cuts = 0;
  const server = await listenOnLoopback(async (request, response) => {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from);
    const end = Math.min(to === '' ? size : Number(to) + 1, size);
    requests += 1;
    const isCut = distance.cutEach !== undefined && requests % distance.cutEach === 0;
    await delay(distance.latencyMs);
    response.writeHead(206, {
      'content-range': `bytes ${start}-${end - 1}/${size}`,
      'content-length': end - start,
      'accept-ranges': 'bytes',
      etag: '"clip"',
    });
    await send(file, response, { start, end: isCut ? Math.floor((start + end) / 2) : end }, distance);
    if (isCut) cuts += 1;
    if (isCut) response.destroy();
    else response.end();
  });
  return {
    ...server,
    get cuts() {
      return cuts;
    },
    close: () => server.close().finally(() => file.close()),
  };
}

/** Sends a part of the file, a window in each round trip where there are windows. @param part the end exclusive */
async function send(
  file: FileHandle,
  response: ServerResponse,
  { start, end }: { readonly start: number; readonly end: number },
  { latencyMs, windowBytes, bytesPerSecond = Infinity }: Distance,
): Promise<void> {
  const most = windowBytes ?? PIECE;
  const begun = performance.now();
  for (let at = start; at < end && !response.destroyed; ) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(most), 0, Math.min(most, end - at), at);
    at += bytesRead;
    const early = (1000 * (at - start)) / bytesPerSecond - (performance.now() - begun);
    if (early >= 1) await delay(early);
    await written(response, buffer.subarray(0, bytesRead));
    if (windowBytes !== undefined && at < end) await delay(latencyMs);
  }
}

/** Resolves when the bytes have left this process, or nobody wants them any more. */
function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('close', done);
      resolve();
    };
    response.once('close', done);
    response.write(bytes, done);
  });
}
