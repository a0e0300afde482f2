import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { afterEach } from 'vitest';
import { type LocalServer, listenOnLoopback, readBody } from '../../../local/http-server.ts';

/** A request as the fake saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A store that answers every request alike. */
export interface FakeS3 extends LocalServer {
  readonly requests: readonly SeenRequest[];
}

/** Gives a function that starts fakes; all of them end with the test. */
export function useFakeS3(): (answer: RequestListener) => Promise<FakeS3> {
  const servers: LocalServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return async (answer) => {
    const requests: SeenRequest[] = [];
    const server = await listenOnLoopback(async (request, response) => {
      const body = String(await readBody(request));
      requests.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
      });
      answer(request, response);
    });
    servers.push(server);
    return { ...server, requests };
  };
}

/** Refuses as S3 does: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function refusal(status: number, code: string): RequestListener {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>It is so.</Message></Error>`;
  return (_, response) => response.writeHead(status, { 'content-type': 'application/xml' }).end(xml);
}
