import type { ServerResponse } from 'node:http';
import { S3Error } from './errors.ts';
import type { S3Request } from './s3-request.ts';

/** What a page may do with a URL that was signed for it. */
const methods = ['GET', 'HEAD', 'PUT'];

/**
 * A page in the developer's browser could reach this server. Browsers send `Origin` with what a script asks of another
 * origin (https://fetch.spec.whatwg.org/#origin-header); SDKs never do. A presigned URL is a permission to whoever has
 * it, so a page may use it, as behind a bucket with a CORS configuration.
 *
 * @returns whether the request is a browser's preflight, which is answered by that
 * @throws S3Error AccessDenied
 */
export function admitBrowser(request: S3Request, response: ServerResponse): boolean {
  if (request.header('origin') === undefined) return false;
  const isPreflight = request.method === 'OPTIONS';
  const method = isPreflight ? request.header('access-control-request-method') : request.method;
  if (!request.isPresigned || !methods.includes(method ?? ''))
    throw new S3Error('AccessDenied', 'The embedded AWS does not answer web pages, except at presigned URLs');
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', '*');
  if (!isPreflight) return false;
  response.setHeader('access-control-allow-methods', methods.join(', '));
  response.setHeader('access-control-allow-headers', request.header('access-control-request-headers') ?? '*');
  return true;
}
