import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';

export interface JobMessageQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

const messageSchema = v.pipe(v.string(), v.parseJson(), v.object({ job_id: v.string() }));

/** An SQS queue of jobs for which something is to be done. A message holds a job's id alone. */
export class JobMessageQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor({ client, queueUrl }: JobMessageQueueOptions) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(jobId: string): Promise<void> {
    const MessageBody = JSON.stringify({ job_id: jobId });
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody }));
  }

  /** Hides a message that is being handled for so many seconds; then it is received again. */
  async postpone(receiptHandle: string, seconds: number): Promise<void> {
    await this.#client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  }
}

/** The id of the job that a message of the queue is about. */
export function jobIdOfMessage(body: string): string {
  return v.parse(messageSchema, body).job_id;
}
