import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { JobMessageQueue } from '../services/job-message-queue.ts';
import { NAMES } from './resources.ts';

/**
 * Queues the callbacks again that an earlier run had queued and not delivered: the messages of SQS outlive its machines, those of the
 * local queue do not outlive its process.
 */
export async function queueOwedCallbacks(queueUrl: string): Promise<void> {
  const [dynamodb, sqs] = [new DynamoDBClient(), new SQSClient()];
  const queue = new JobMessageQueue({ client: sqs, queueUrl });
  try {
    const pages = paginateScan(
      { client: DynamoDBDocumentClient.from(dynamodb) },
      {
        TableName: NAMES.table,
        FilterExpression: 'callback_status = :queued',
        ExpressionAttributeValues: { ':queued': 'queued' },
        ProjectionExpression: 'job_id',
      },
    );
    for await (const { Items = [] } of pages) {
      for (const { job_id } of Items) await queue.send(String(job_id));
    }
  } finally {
    dynamodb.destroy();
    sqs.destroy();
  }
}
