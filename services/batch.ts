import {
  type BatchClient,
  BatchServiceException,
  DescribeJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import * as v from 'valibot';
import { type JobEndedDetail, jobEndedEventSchema } from '../domain/batch/job-ended-event.ts';
import { batchJobName } from '../domain/batch/job-name.ts';
import { WORKER_ENV } from '../domain/environment.ts';

export interface JobQueueOptions {
  readonly client: BatchClient;
  /** Name or ARN. */
  readonly queue: string;
  /** Name or ARN, with or without a revision. */
  readonly definition: string;
}

/** The queue of AWS Batch in which jobs wait for a machine. */
export class JobQueue {
  readonly #client: BatchClient;
  readonly #queue: string;
  readonly #definition: string;

  constructor({ client, queue, definition }: JobQueueOptions) {
    this.#client = client;
    this.#queue = queue;
    this.#definition = definition;
  }

  /**
   * Submits a job. Its worker is told the job's id and nothing else.
   *
   * @param tenant whose job it is: the queue gives each tenant a fair share of the machines
   * @returns the Batch job's id
   */
  async submit(jobId: string, tenant: string): Promise<string> {
    const answer = await this.#client.send(
      new SubmitJobCommand({
        jobName: batchJobName(jobId),
        jobQueue: this.#queue,
        jobDefinition: this.#definition,
        shareIdentifier: shareIdentifier(tenant),
        containerOverrides: { environment: [{ name: WORKER_ENV.jobId, value: jobId }] },
      }),
    );
    if (answer.jobId === undefined) throw new Error('Batch answered without a job id.');
    return answer.jobId;
  }

  /** Takes a Batch job out of the queue, or stops it. One that has ended stays as it is. */
  async terminate(batchJobId: string, reason: string): Promise<void> {
    await this.#client.send(new TerminateJobCommand({ jobId: batchJobId, reason }));
  }

  /** Looks for a Batch job. */
  async find(batchJobId: string): Promise<BatchJobState> {
    const { jobs = [] } = await this.#client.send(new DescribeJobsCommand({ jobs: [batchJobId] }));
    const [job] = jobs;
    if (job === undefined) return { state: 'gone' };
    const ended = v.safeParse(endedSchema, job);
    return ended.success ? { state: 'ended', detail: ended.output } : { state: 'live' };
  }
}

/** How a Batch job is; `gone` when Batch does not know it any more. */
export type BatchJobState =
  | { readonly state: 'live' | 'gone' }
  | { readonly state: 'ended'; readonly detail: JobEndedDetail };

/** Whether Batch will not have a job, now or later. It may be short of room, or not be reached, for a while. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof BatchServiceException) || error.$fault !== 'client') return false;
  return error.$metadata.httpStatusCode !== TOO_MANY_REQUESTS && !/Throttl|TooMany/.test(error.name);
}

const TOO_MANY_REQUESTS = 429;

const endedSchema = jobEndedEventSchema.entries.detail;

/** Letters and digits: https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html */
function shareIdentifier(tenant: string): string {
  return tenant.replace(/[^A-Za-z0-9]/g, '').slice(0, 255) || 'other';
}
