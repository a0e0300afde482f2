import type { DescribeJobsResponse, ListJobsResponse } from '@aws-sdk/client-batch';
import * as v from 'valibot';
import { AwsError, parseInput } from '../aws-json.ts';
import { clientError } from './client-error.ts';
import { describeJob, summarizeJob } from './job-detail.ts';
import type { JobRecord } from './job-record.ts';
import type { JobTable } from './job-table.ts';
import { queueName } from './names.ts';
import type { LocalBatchOptions } from './options.ts';

const describeJobsSchema = v.strictObject({
  jobs: v.pipe(v.array(v.string()), v.maxLength(100, 'must have at most 100 entries')),
});

const listJobsSchema = v.strictObject({
  jobQueue: v.optional(v.string()),
  arrayJobId: v.optional(v.string()),
  jobStatus: v.optional(v.string(), 'RUNNING'),
  filters: v.optional(v.array(v.strictObject({ name: v.string(), values: v.array(v.string()) })), []),
  maxResults: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(100)), 100),
  nextToken: v.optional(v.string()),
});

type ListJobsInput = v.InferOutput<typeof listJobsSchema>;

/** DescribeJobs: jobs that do not exist are left out. */
export function describeJobs(body: unknown, jobs: JobTable): DescribeJobsResponse {
  const ids = parseInput(describeJobsSchema, body, 'ClientException').jobs;
  const found = ids.flatMap((id) => jobs.get(id) ?? []);
  return { jobs: found.map((job) => describeJob(job, jobs)) };
}

/** ListJobs: a queue's jobs, or an array's children, the newest first; running ones unless told otherwise. */
export function listJobs(
  body: unknown,
  jobs: JobTable,
  queues: LocalBatchOptions['queues'],
): ListJobsResponse {
  const input = parseInput(listJobsSchema, body, 'ClientException');
  const before = input.nextToken === undefined ? Infinity : Number(input.nextToken);
  const listed = candidates(input, jobs, queues)
    .filter((job) => job.sequence < before && isAsked(job, input))
    .sort((a, b) => b.sequence - a.sequence);
  const page = listed.slice(0, input.maxResults);
  return {
    jobSummaryList: page.map((job) => summarizeJob(job, jobs)),
    nextToken: listed.length > page.length ? String(page.at(-1)?.sequence) : undefined,
  };
}

function candidates(
  { jobQueue, arrayJobId }: ListJobsInput,
  jobs: JobTable,
  queues: LocalBatchOptions['queues'],
): JobRecord[] {
  if ((jobQueue === undefined) === (arrayJobId === undefined))
    throw clientError('Exactly one of jobQueue and arrayJobId must be given');
  if (arrayJobId !== undefined) {
    const parent = jobs.get(arrayJobId);
    if (parent?.arraySize === undefined) throw clientError(`Array job ${arrayJobId} does not exist`);
    return jobs.childrenOf(parent);
  }
  const queue = queueName(jobQueue ?? '');
  if (!Object.hasOwn(queues, queue)) throw clientError(`JobQueue ${jobQueue} not found.`);
  return jobs.all().filter((job) => job.queue === queue && job.child === undefined);
}

/** A filter by name, with `*` at its end for any rest, takes the place of the status. */
function isAsked(job: JobRecord, { filters, jobStatus }: ListJobsInput): boolean {
  if (filters.length === 0) return job.status === jobStatus;
  return filters.every(({ name, values }) => {
    if (name !== 'JOB_NAME')
      throw new AwsError(
        'NotImplemented',
        `batch ListJobs by ${name} is not implemented by the local Batch`,
        501,
      );
    const own = job.jobName.toLowerCase();
    return values.some((value) => {
      const wanted = value.toLowerCase();
      return wanted.endsWith('*') ? own.startsWith(wanted.slice(0, -1)) : own === wanted;
    });
  });
}
