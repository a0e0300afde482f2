import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { Attention } from '../../domain/job/attention.ts';
import { type JobRecord, jobRecordSchema } from '../../domain/job/job-record.ts';
import type { JOB_TABLE } from '../../domain/job/table.ts';
import type { JobListQuery } from '../../domain/request/job-list-query.ts';
import { jobKey } from './items.ts';

export interface JobFinderOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export interface JobPage {
  readonly jobs: readonly JobRecord[];
  /** The id of the job behind which the next ones are; undefined when there are no more. */
  readonly after: string | undefined;
}

/** Items that are read at once for a list, and how often at most. */
const LIST_PAGE = 101;
const MOST_LIST_PAGES = 20;

const TENANT_INDEX: keyof typeof JOB_TABLE.indexes = 'by_tenant';
const ATTENTION_INDEX: keyof typeof JOB_TABLE.indexes = 'by_attention';

/** Finds jobs by the indexes of the table, which are a little behind it. */
export class JobFinder {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor({ client, tableName }: JobFinderOptions) {
    this.#client = DynamoDBDocumentClient.from(client);
    this.#table = tableName;
  }

  /**
   * A page of a tenant's jobs, newest first.
   */
  async list(tenant: string, { status, limit, after }: JobListQuery): Promise<JobPage> {
    const pages = paginateQuery(
      { client: this.#client, pageSize: LIST_PAGE },
      {
        TableName: this.#table,
        IndexName: TENANT_INDEX,
        KeyConditionExpression: 'tenant = :tenant',
        ...(status !== undefined && { FilterExpression: '#status = :status' }),
        ...(status !== undefined && { ExpressionAttributeNames: { '#status': 'status' } }),
        ExpressionAttributeValues: { ':tenant': tenant, ...(status !== undefined && { ':status': status }) },
        ...(after !== undefined && { ExclusiveStartKey: { ...jobKey(after), tenant, job_id: after } }),
        ScanIndexForward: false,
      },
    );
    const found: JobRecord[] = [];
    let pagesRead = 0;
    for await (const { Items = [], LastEvaluatedKey } of pages) {
      found.push(...Items.map((item) => v.parse(jobRecordSchema, item)));
      pagesRead += 1;
      if (found.length > limit) break;
      // A state that few jobs are in is looked for over several calls.
      if (pagesRead === MOST_LIST_PAGES && LastEvaluatedKey) {
        return { jobs: found, after: String(LastEvaluatedKey.job_id) };
      }
    }
    const jobs = found.slice(0, limit);
    return { jobs, after: found.length > limit ? jobs.at(-1)?.job_id : undefined };
  }

  /** The jobs, at most as many as the limit, for which something should have been done by now. */
  async overdue(attention: Attention, now: Date, limit: number): Promise<string[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: ATTENTION_INDEX,
        KeyConditionExpression: 'attention = :attention AND attention_at <= :now',
        ExpressionAttributeValues: { ':attention': attention, ':now': now.toISOString() },
        Limit: limit,
      }),
    );
    return Items.map(({ job_id }) => String(job_id));
  }
}
