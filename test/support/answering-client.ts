import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { clientOf } from '../local/s3/harness.ts';

/** What was asked for. */
export interface Asked {
  readonly Key?: string;
  readonly Range?: string;
}

/** A client that gets other bodies than the store sends. Must be destroyed. */
export function clientThatAnswers(
  endpoint: string,
  other: (body: Readable, asked: Asked) => Readable | Promise<Readable>,
): S3Client {
  const client = clientOf(endpoint);
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const output = answer.output as { Body?: Readable };
      if (output.Body !== undefined) output.Body = await other(output.Body, args.input as Asked);
      return answer;
    },
    { step: 'initialize' },
  );
  return client;
}

/** A body to which the store has hung up, as Node's own client says it. */
export function hungUp(body: Readable): Readable {
  return body.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
}
