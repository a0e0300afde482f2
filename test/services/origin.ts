import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import { type LocalServer, listenOnLoopback } from '../../local/http-server.ts';

/** A request as the origin saw it. */
export interface SeenRequest {
  readonly path: string;
  /** `0-99` for `Range: bytes=0-99`. */
  readonly range: string | undefined;
  readonly headers: IncomingMessage['headers'];
}

/** Answers one request. */
export type Reply = (request: IncomingMessage, response: ServerResponse) => void;

/** What answers each path; of a list one after another, of which the last goes on. Any other path is 404. */
export type Routes = Record<string, Reply | Reply[]>;

/** A web server on loopback that behaves as well or as badly as a test wants it to. */
export interface Origin {
  /** The URL of a path. */
  at(path: string): string;
  readonly port: number;
  readonly routes: Routes;
  /** Every request so far. */
  readonly requests: SeenRequest[];
  /** Ends it before its test does. */
  close(): Promise<void>;
}

/** Gives a function that starts origins; all of them end with the test. */
export function useOrigins(): (routes: Routes) => Promise<Origin> {
  const servers: LocalServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return async (routes) => {
    const requests: SeenRequest[] = [];
    const server = await listenOnLoopback(answerBy(routes, requests));
    servers.push(server);
    const { url, port, close } = server;
    return { at: (path) => url + path, port, routes, requests, close };
  };
}

/** How many bytes of a file of the given size an origin was asked for, in ranges. */
export function bytesAskedOf({ requests }: Origin, size: number): number {
  return requests.reduce((sum, { range = '' }) => {
    const [from = 0, to = 0] = range.split('-').map(Number);
    return sum + Math.min(to + 1, size) - from;
  }, 0);
}

function answerBy(routes: Routes, requests: SeenRequest[]): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const range = request.headers.range?.replace('bytes=', '');
    requests.push({ path, range, headers: request.headers });
    nextReply(routes, path)(request, response);
  };
}

function nextReply(routes: Routes, path: string): Reply {
  const replies = routes[path] ?? status(404);
  if (!Array.isArray(replies)) return replies;
  return (replies.length > 1 ? replies.shift() : replies[0]) ?? status(404);
}

/** Answers with a status, headers and a text. */
export function status(code: number, headers: Record<string, string> = {}, body = ''): Reply {
  return (_, response) => response.writeHead(code, headers).end(body);
}

/** Sends the client elsewhere. */
export function redirect(location: string, code = 302): Reply {
  return status(code, { location });
}

/** Takes the request and never answers. */
export const hang: Reply = () => {};

/** Closes the connection instead of an answer. */
export const hangUp: Reply = (request) => {
  request.socket.destroy();
};

/** Answers in another protocol. */
export const garbage: Reply = (request) => {
  request.socket.end('SSH-2.0-OpenSSH_9.6\r\n');
};

export interface FileOptions {
  /** Headers beside those of the range. */
  readonly headers?: Record<string, string>;
  /** Whether ranges are understood; otherwise the whole file is the answer. @default true */
  readonly ranges?: boolean;
  /** What Content-Range says instead of the truth. */
  readonly contentRange?: string;
  /** The most bytes of one answer, which then is shorter than what was asked for. */
  readonly atMost?: number;
  /** Closes the connection after so many bytes of a body. */
  readonly cutAfter?: number;
  /** Falls silent after so many bytes of a body. */
  readonly stallAfter?: number;
}

/** Serves a file as S3 does: ranges, 416, and 412 when a condition on its ETag or its date fails. */
export function file(content: Uint8Array, options: FileOptions = {}): Reply {
  const { headers = {}, ranges = true, atMost = Number.POSITIVE_INFINITY } = options;
  return (request, response) => {
    const range = ranges ? rangeOf(request) : undefined;
    if (!fulfilsConditions(request, headers)) return status(412)(request, response);
    if (range === undefined) return send(response, 200, headers, content, options);
    if (range.start >= content.length) {
      return status(416, { 'content-range': `bytes */${content.length}` })(request, response);
    }
    const part = content.subarray(range.start, Math.min(range.end + 1, range.start + atMost));
    const last = range.start + part.length - 1;
    const contentRange = options.contentRange ?? `bytes ${range.start}-${last}/${content.length}`;
    send(response, 206, { ...headers, 'content-range': contentRange }, part, options);
  };
}

function rangeOf(request: IncomingMessage): { start: number; end: number } | undefined {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  return start === undefined ? undefined : { start: Number(start), end: Number(end) };
}

function fulfilsConditions(request: IncomingMessage, headers: Record<string, string>): boolean {
  const ifMatch = request.headers['if-match'];
  if (ifMatch !== undefined) return ifMatch === headers.etag;
  const since = request.headers['if-unmodified-since'];
  return since === undefined || Date.parse(headers['last-modified'] ?? '') <= Date.parse(since);
}

function send(
  response: ServerResponse,
  code: number,
  headers: Record<string, string>,
  body: Uint8Array,
  { cutAfter, stallAfter }: FileOptions,
): void {
  response.writeHead(code, { 'content-length': String(body.length), ...headers });
  const stop = cutAfter ?? stallAfter;
  if (stop === undefined || stop >= body.length) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, stop), () => {
    if (cutAfter !== undefined) response.socket?.destroy();
  });
}
