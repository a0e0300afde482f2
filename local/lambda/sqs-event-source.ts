import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { SqsPoller } from './sqs-poller.ts';

export interface SqsEventSourceOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /**
   * Answers which messages failed, as with ReportBatchItemFailures. When it rejects, all of them did. Messages that
   * failed come again when their visibility timeout is over.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: so that an SQSHandler of @types/aws-lambda fits
  handler(event: SQSEvent): Promise<SQSBatchResponse | void>;
  /** Messages an event, 1 to 10. @default 10 */
  readonly batchSize?: number;
  /** Events that are handled at once. @default 2, the least that Lambda can be told */
  readonly concurrency?: number;
  /** @default standard error */
  readonly log?: (line: string) => void;
}

export interface SqsEventSource {
  /** Takes no message any more, and waits for handlers that run. */
  close(): Promise<void>;
}

/** Lambda's event source mapping for SQS: polls a queue and invokes a function with what comes. */
export function startSqsEventSource(options: SqsEventSourceOptions): SqsEventSource {
  const { concurrency = 2 } = options;
  const closing = new AbortController();
  const poller = new SqsPoller(options, closing.signal);
  const running = Array.from({ length: concurrency }, () => poller.run());
  return {
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}
