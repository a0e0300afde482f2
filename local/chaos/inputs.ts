import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';
import type { Clips } from './clips.ts';
import type { InputKind } from './job-specs.ts';

/** A web server with the jobs' inputs, each of which fails in the way that its path says. */
export interface Inputs extends LocalServer {
  /** @param tag that no other job has */
  urlOf(kind: InputKind, tag: string): string;
}

export async function startInputs(clips: Clips): Promise<Inputs> {
  const counts = new Map<string, number>();
  const server = await listenOnLoopback((request, response) => {
    const path = request.url ?? '';
    const kind = path.split('/')[1] as InputKind;
    // The workers of a split job ask for parts of it side by side.
    answer(request, response, kind, countOf(kind === 'flaky' ? `${path} ${request.headers.range}` : path));
  });

  function countOf(what: string): number {
    const times = (counts.get(what) ?? 0) + 1;
    counts.set(what, times);
    return times;
  }

  function answer(request: IncomingMessage, response: ServerResponse, kind: InputKind, count: number): void {
    const clip = kind === 'truncated' ? clips.truncated : clips.whole;
    if (kind === 'gone' && count > 1) response.writeHead(404).end();
    // Two failures in a row, again and again: whoever tries three times comes through, also where another asks in between.
    else if (kind === 'flaky' && count % 8 === 2) response.writeHead(503).end();
    else if (kind === 'flaky' && count % 8 === 3) sendRange(request, response, clip, true);
    else sendRange(request, response, clip, false);
  }

  return { ...server, urlOf: (kind, tag) => `${server.url}/${kind}/${tag}/clip.mp4` };
}

/** @param isCut breaks off in the middle */
function sendRange(
  { headers, socket }: IncomingMessage,
  response: ServerResponse,
  clip: Buffer,
  isCut: boolean,
): void {
  const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const start = Number(from);
  const end = Math.min(to === '' ? clip.length : Number(to) + 1, clip.length);
  if (start >= clip.length) {
    response.writeHead(416, { 'content-range': `bytes */${clip.length}` }).end();
    return;
  }
  response.writeHead(206, {
    etag: `"${clip.length}"`,
    'content-type': 'video/mp4',
    'content-range': `bytes ${start}-${end - 1}/${clip.length}`,
    'content-length': end - start,
  });
  if (!isCut) response.end(clip.subarray(start, end));
  else response.write(clip.subarray(start, start + Math.floor((end - start) / 2)), () => socket.destroy());
}
