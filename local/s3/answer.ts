import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { S3Error } from './errors.ts';
import { type XmlContent, xmlDocument } from './xml.ts';

/** What an operation answers. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  /** A stream comes with its `content-length`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

export function xmlAnswer(root: string, content: XmlContent, headers: Answer['headers'] = {}): Answer {
  return { headers: { ...headers, 'content-type': 'application/xml' }, body: xmlDocument(root, content) };
}

/** Resolves when the body has been sent; the stream is closed in any case. */
export async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, headers = {}, body = '' } = answer;
  if (typeof body !== 'string') {
    response.writeHead(status, headers);
    await pipeline(body, response);
    return;
  }
  const hasLength = status === 204 || status === 304 || headers['content-length'] !== undefined;
  const length = hasLength ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

/**
 * Answers with S3's XML. A body that is under way can only be cut.
 *
 * @param resource the path of the request, still encoded
 */
export async function sendError(
  response: ServerResponse,
  error: unknown,
  resource: string | undefined,
  requestId: string,
): Promise<void> {
  if (response.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  if (!(error instanceof S3Error)) console.error('The local S3 failed:', error);
  const known = error instanceof S3Error ? error : new S3Error('InternalError');
  const content = { Code: known.code, Message: known.message, Resource: resource, RequestId: requestId };
  await sendAnswer(response, { status: known.status, ...xmlAnswer('Error', content, known.headers) });
}
