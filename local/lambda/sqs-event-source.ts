import { SqsPoller, type SqsPollerOptions } from './sqs-poller.ts';

export interface SqsEventSourceOptions extends SqsPollerOptions {
  /** Events that are handled at once. @default 2, the least that Lambda can be told */
  readonly concurrency?: number;
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
