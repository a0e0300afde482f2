import type { S3Client } from '@aws-sdk/client-s3';
import * as v from 'valibot';

const requestSchema = v.object({
  protocol: v.string(),
  hostname: v.string(),
  port: v.optional(v.number()),
  path: v.string(),
});

/**
 * Watches where a client's requests go. Only the client knows whether the bucket stands in an object's host name or in its
 * path, which depends on the endpoint.
 *
 * @returns a function that gives the URL of the object that the latest request was about
 */
export function watchObjectUrl(client: S3Client): () => string {
  let url = '';
  client.middlewareStack.add(
    (next) => (args) => {
      const { protocol, hostname, port, path } = v.parse(requestSchema, args.request);
      url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
      return next(args);
    },
    { step: 'finalizeRequest', name: 'watchObjectUrl', override: true },
  );
  return () => url;
}
