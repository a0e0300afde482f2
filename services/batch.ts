import { type BatchClient, SubmitJobCommand } from '@aws-sdk/client-batch';
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
}

/** Letters and digits: https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html */
function shareIdentifier(tenant: string): string {
  return tenant.replace(/[^A-Za-z0-9]/g, '').slice(0, 255) || 'other';
}
