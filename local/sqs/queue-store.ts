import { buildApp } from 'fauxqs';
import * as v from 'valibot';
import { AwsError } from '../aws-json.ts';

/** SQS without its HTTP side. */
export interface QueueStore {
  /** @throws AwsError what SQS answers when it refuses */
  call(operation: string, input: unknown): Promise<unknown>;
  /** Ends long polls at once. */
  close(): Promise<void>;
}

/** What ReceiveMessage answers. */
export const receivedSchema = v.object({
  Messages: v.optional(v.array(v.looseObject({ ReceiptHandle: v.string() })), []),
});

const refusal = v.object({
  __type: v.optional(v.string(), 'InternalFailure'),
  message: v.optional(v.string(), ''),
});

/** fauxqs in memory. It is handed requests and never listens: its own server would, on every address. */
export function openQueueStore(): QueueStore {
  const app = buildApp({ logger: false });
  return {
    async call(operation, input) {
      const { statusCode, body } = await app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
        payload: JSON.stringify(input),
      });
      const output: unknown = JSON.parse(body);
      if (statusCode === 200) return output;
      const { __type, message } = v.parse(refusal, output);
      throw new AwsError(__type.replace(/^.*#/, ''), message, statusCode);
    },
    close: () => app.close(),
  };
}
