import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LocalServer, listenOnLoopback, readBody } from '../../../local/http-server.ts';

/** A user's bucket at some other provider's, which takes every key that it is shown. */
export interface Store extends LocalServer {
  /** The keys of the objects in it. */
  readonly keys: readonly string[];
  /** Has the store deny uploads to some keys from now on. */
  deny(isDenied: (key: string) => boolean): void;
}

const BUCKET = 'renditions';

/** Speaks as much of S3 as it takes to upload a small object. */
export async function startStore(): Promise<Store> {
  const keys: string[] = [];
  let isDenied = (_: string) => false;
  const server = await listenOnLoopback(async (request, response) => {
    const body = (await readBody(request)) ?? Buffer.alloc(0);
    const key = decodeURIComponent((request.url ?? '').split('?')[0] ?? '').replace(`/${BUCKET}/`, '');
    const md5 = createHash('md5').update(body).digest('base64');
    if (isDenied(key)) return refuse(request, response, 'AccessDenied', 403);
    if ((request.headers['content-md5'] ?? md5) !== md5) return refuse(request, response, 'BadDigest', 400);
    keys.push(key);
    response.writeHead(200, { etag: '"0"' }).end();
  });
  return {
    ...server,
    keys,
    deny: (wanted) => {
      isDenied = wanted;
    },
  };
}

/** The request's destination for a store. */
export function destinationAt({ url }: Store, creds: object): object {
  return { provider: 's3', bucket: BUCKET, endpoint: url, creds };
}

/** As talkative as S3 is: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function refuse({ headers }: IncomingMessage, response: ServerResponse, code: string, status: number): void {
  const said = `<Message>No.</Message><StringToSign>${headers.authorization}</StringToSign>`;
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code>${said}</Error>`);
}
