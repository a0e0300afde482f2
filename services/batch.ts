import {
  type BatchClient,
  BatchServiceException,
  DescribeJobsCommand,
  SubmitJobCommand,
  type SubmitJobCommandInput,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import * as v from 'valibot';
import { type JobEndedDetail, jobEndedEventSchema } from '../domain/batch/job-ended-event.ts';
import { batchJobName } from '../domain/batch/job-name.ts';
import { WORKER_ENV, type WorkStep } from '../domain/environment.ts';

/** A queue of AWS Batch, and the definition of the jobs in it: names or ARNs. */
export interface BatchTarget {
  readonly queue: string;
  /** With or without a revision. */
  readonly definition: string;
}

export interface JobQueueOptions {
  readonly client: BatchClient;
  /** For what is encoded. */
  readonly encoding: BatchTarget;
  /** For the packaging of split jobs. */
  readonly packaging: BatchTarget;
}

/** Whose job is submitted. The queue gives each tenant a fair share of the machines. */
export interface SubmittedJob {
  readonly job_id: string;
  readonly tenant: string;
}

/** The queue of AWS Batch in which jobs wait for a machine. */
export class JobQueue {
  readonly #client: BatchClient;
  readonly #encoding: BatchTarget;
  readonly #packaging: BatchTarget;

  constructor({ client, encoding, packaging }: JobQueueOptions) {
    this.#client = client;
    this.#encoding = encoding;
    this.#packaging = packaging;
  }

  /** Submits a job that one worker does. @returns the Batch job's id */
  submit(job: SubmittedJob): Promise<string> {
    return this.#send(job, 'whole', this.#encoding, { jobName: batchJobName(job.job_id) });
  }

  /** Submits the encoding of a split job. @param children from 2 on @returns the id of the array of Batch jobs */
  submitEncoding(job: SubmittedJob, children: number): Promise<string> {
    const jobName = batchJobName(job.job_id, 'encode');
    return this.#send(job, 'encode', this.#encoding, { jobName, arrayProperties: { size: children } });
  }

  /** Submits the packaging of a split job, for when its encoding has succeeded. @returns the Batch job's id */
  submitPackaging(job: SubmittedJob, encodingId: string): Promise<string> {
    const dependsOn = [{ jobId: encodingId }];
    return this.#send(job, 'package', this.#packaging, { jobName: batchJobName(job.job_id), dependsOn });
  }

  /** A worker is told the job's id and what it is to do, and nothing else. */
  async #send(
    { job_id, tenant }: SubmittedJob,
    step: WorkStep,
    { queue, definition }: BatchTarget,
    properties: Pick<SubmitJobCommandInput, 'arrayProperties' | 'dependsOn'> & { jobName: string },
  ): Promise<string> {
    const environment = [
      { name: WORKER_ENV.jobId, value: job_id },
      { name: WORKER_ENV.step, value: step },
    ];
    const answer = await this.#client.send(
      new SubmitJobCommand({
        ...properties,
        jobQueue: queue,
        jobDefinition: definition,
        shareIdentifier: shareIdentifier(tenant),
        containerOverrides: { environment },
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
