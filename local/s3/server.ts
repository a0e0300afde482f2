import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { localRegion } from '../arn.ts';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';
import { type Answer, sendAnswer, sendError } from './answer.ts';
import { type AccessKey, authorize } from './authorize.ts';
import { Buckets } from './buckets.ts';
import { admitBrowser } from './cross-origin.ts';
import { checkKey } from './names.ts';
import type { Storage } from './operation.ts';
import { operationOf } from './operations.ts';
import { PendingFiles } from './pending-files.ts';
import { S3Request } from './s3-request.ts';
import { Uploads } from './uploads.ts';

export interface LocalS3Options {
  /** Where the objects lie, with all that is known of them. */
  readonly dataDir: string;
  /** The one key pair. */
  readonly credentials: AccessKey;
  /** @default the embedded AWS's own */
  readonly region?: string;
  /** Created unless they are there. */
  readonly buckets: readonly string[];
  /** @default any free port */
  readonly port?: number;
}

/**
 * S3 on one machine, in path style: single and multipart uploads, ranges, listings, presigned URLs. It holds no object
 * in memory, and takes up what an earlier run on the same folder has left, uploads in parts as well.
 *
 * @throws S3Error InvalidBucketName
 */
export async function startS3(options: LocalS3Options): Promise<LocalServer> {
  const { dataDir, credentials, region = localRegion } = options;
  const pending = new PendingFiles(join(dataDir, 'pending'));
  const uploads = new Uploads(join(dataDir, 'uploads'), pending);
  const buckets = new Buckets(join(dataDir, 'buckets'));
  await buckets.load();
  for (const name of options.buckets) buckets.create(name);
  const storage: Storage = { pending, buckets, uploads };

  async function answer(request: S3Request): Promise<Answer> {
    const authorization = authorize(request, credentials, region, Date.now());
    const { name, run } = operationOf(request);
    if (name !== 'CreateBucket') buckets.get(request.bucket);
    checkKey(request.key);
    return run({ request, authorization, storage, region });
  }

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    response.setHeader('x-amz-request-id', requestId);
    try {
      const request = new S3Request(message);
      const isPreflight = admitBrowser(request, response);
      await sendAnswer(response, isPreflight ? { status: 204 } : await answer(request));
    } catch (error) {
      await sendError(response, error, message.url?.replace(/\?.*/, ''), requestId);
    }
    // What is left of a body that was refused, so that the connection can be used again.
    message.resume();
  }

  const serving = new Set<Promise<void>>();
  const server = await listenOnLoopback((message, response) => {
    const served = serve(message, response).finally(() => serving.delete(served));
    serving.add(served);
  }, options.port);
  return {
    ...server,
    async close() {
      await server.close();
      await Promise.all(serving);
    },
  };
}
