import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { type JobRecord, jobRecordSchema } from '../../domain/job/job-record.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import { localRegion } from '../arn.ts';
import { NAMES } from '../resources.ts';

/** All jobs in the table, as they are stored. @param endpoint of DynamoDB itself, where nothing fails */
export async function storedJobs(endpoint: string): Promise<JobRecord[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials });
  try {
    const pages = paginateScan(
      { client: DynamoDBDocumentClient.from(client) },
      {
        TableName: NAMES.table,
        ConsistentRead: true,
        FilterExpression: 'sk = :job',
        ExpressionAttributeValues: { ':job': 'job' },
      },
    );
    const jobs: JobRecord[] = [];
    for await (const { Items = [] } of pages) {
      for (const item of Items) jobs.push(v.parse(jobRecordSchema, item));
    }
    return jobs;
  } finally {
    client.destroy();
  }
}

/** Notes how jobs ended, and which of them are another way later. */
export class EndedJobs {
  readonly changed = new Set<string>();
  readonly #endings = new Map<string, string>();

  note(jobs: readonly JobRecord[]): void {
    for (const { job_id, status, error, finished_at, outcome } of jobs) {
      if (!hasEnded(status)) continue;
      const ending = JSON.stringify([status, error, finished_at, outcome]);
      if ((this.#endings.get(job_id) ?? ending) !== ending) this.changed.add(job_id);
      this.#endings.set(job_id, ending);
    }
  }
}

/** Whether nothing is to be done for a job any more: it has ended, and its owner knows or has been given up. */
export function isSettled({ status, callback_status }: JobRecord): boolean {
  return hasEnded(status) && callback_status !== 'waiting' && callback_status !== 'queued';
}
