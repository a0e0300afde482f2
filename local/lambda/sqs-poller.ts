import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { succeeded } from './sqs-batch-response.ts';
import { sqsRecord } from './sqs-record.ts';

/** The longest that SQS lets a poll last. */
const longPollSeconds = 20;

/** After a failure of SQS, in milliseconds. */
const pauseAfterFailure = 1000;

export interface SqsPollerOptions {
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
  /** @default standard error */
  readonly log?: (line: string) => void;
}

/** Receives batches, has them handled, and deletes what was handled well, until the signal is aborted. */
export class SqsPoller {
  readonly #options: SqsPollerOptions;
  readonly #signal: AbortSignal;
  readonly #log: (line: string) => void;

  constructor(options: SqsPollerOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#log = options.log ?? console.error;
  }

  /** One batch after the other. Never rejects. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        const records = await this.#receive();
        if (records.length > 0) await this.#delete(await this.#invoke(records));
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') return;
        this.#log(`sqs: polling ${this.#options.queueUrl} failed, it is tried again: ${textOf(error)}`);
        await delay(pauseAfterFailure, undefined, { signal: this.#signal }).catch(() => {});
      }
    }
  }

  async #receive(): Promise<readonly SQSRecord[]> {
    const { client, queueUrl, batchSize = 10 } = this.#options;
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: longPollSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await client.send(command, { abortSignal: this.#signal });
    return Messages.map((message) => sqsRecord(message, queueUrl));
  }

  /** @returns what was handled well */
  async #invoke(records: readonly SQSRecord[]): Promise<readonly SQSRecord[]> {
    try {
      const answer = await this.#options.handler({ Records: [...records] });
      return succeeded(records, answer);
    } catch (error) {
      this.#log(`sqs: a batch of ${this.#options.queueUrl} failed and comes again: ${textOf(error)}`);
      return [];
    }
  }

  async #delete(records: readonly SQSRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { client, queueUrl } = this.#options;
    const Entries = records.map(({ messageId, receiptHandle }) => ({
      Id: messageId,
      ReceiptHandle: receiptHandle,
    }));
    const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    for (const { Id, Message } of Failed)
      this.#log(`sqs: the message ${Id} of ${queueUrl} was not deleted and comes again: ${Message}`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
