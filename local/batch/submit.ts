import { randomUUID } from 'node:crypto';
import type { JobDependency, RetryStrategy, SubmitJobResponse } from '@aws-sdk/client-batch';
import { parseInput } from '../aws-json.ts';
import { clientError } from './client-error.ts';
import type { JobRecord } from './job-record.ts';
import type { JobTable } from './job-table.ts';
import { childId, definitionName, jobArn, queueName } from './names.ts';
import type { LocalBatchOptions } from './options.ts';
import type { RetryRules } from './retry-rules.ts';
import { type SubmitJobInput, submitJobSchema } from './submit-input.ts';

/** https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html */
export const minimumTimeoutSeconds = 60;

/** SubmitJob: the jobs are on disk when it returns. */
export function submitJob(body: unknown, jobs: JobTable, options: LocalBatchOptions): SubmitJobResponse {
  const input = parseInput(submitJobSchema, body, 'ClientException');
  checkDependencies(input, jobs);
  const records = recordsOf(input, options, jobs.nextSequence());
  jobs.add(records);
  const { jobId, jobName } = records[records.length - 1] as JobRecord;
  return { jobArn: jobArn(jobId), jobId, jobName };
}

/** One record, or those of an array's children and then that of their parent. */
function recordsOf(input: SubmitJobInput, options: LocalBatchOptions, sequence: number): JobRecord[] {
  const job = recordOf(input, options, sequence);
  const { size } = input.arrayProperties;
  if (size === undefined) return [job];
  const children = Array.from({ length: size }, (_, index) => ({
    ...job,
    sequence: sequence + index,
    jobId: childId(job.jobId, index),
    child: { arrayJobId: job.jobId, index },
  }));
  return [...children, { ...job, sequence: sequence + size, arraySize: size }];
}

function recordOf(input: SubmitJobInput, options: LocalBatchOptions, sequence: number): JobRecord {
  const { jobName, dependsOn, parameters, tags, shareIdentifier } = input;
  const queue = queueName(input.jobQueue);
  const name = definitionName(input.jobDefinition);
  const definition = Object.hasOwn(options.jobDefinitions, name) ? options.jobDefinitions[name] : undefined;
  if (!Object.hasOwn(options.queues, queue)) throw clientError(`JobQueue ${input.jobQueue} not found.`);
  if (definition === undefined) throw clientError(`JobDefinition ${input.jobDefinition} not found.`);
  return {
    sequence,
    jobId: randomUUID(),
    jobName,
    queue,
    definition: name,
    status: 'SUBMITTED',
    createdAt: Date.now(),
    dependsOn,
    retry: retryRules(input.retryStrategy ?? definition.retryStrategy ?? {}),
    timeout: timeoutSeconds((input.timeout ?? definition.timeout)?.attemptDurationSeconds, options),
    overrides: input.containerOverrides,
    parameters,
    tags,
    shareIdentifier,
    schedulingPriority: input.schedulingPriorityOverride,
    attempts: [],
  };
}

function retryRules({ attempts, evaluateOnExit = [] }: RetryStrategy): RetryRules {
  if (evaluateOnExit.length > 0 && attempts === undefined)
    throw clientError('retryStrategy.attempts must be given together with evaluateOnExit');
  return { attempts: attempts ?? 1, evaluateOnExit };
}

function timeoutSeconds(seconds: number | undefined, options: LocalBatchOptions): number | undefined {
  const minimum = options.minimumTimeoutSeconds ?? minimumTimeoutSeconds;
  if (seconds !== undefined && seconds < minimum)
    throw clientError(`timeout.attemptDurationSeconds must be at least ${minimum} seconds`);
  return seconds;
}

function checkDependencies({ dependsOn, arrayProperties: { size } }: SubmitJobInput, jobs: JobTable): void {
  for (const { jobId, type } of dependsOn as JobDependency[]) {
    if (type !== undefined && size === undefined)
      throw clientError(`dependsOn: only an array job can depend on ${type}`);
    if (type === 'SEQUENTIAL') {
      if (jobId !== undefined) throw clientError('dependsOn: SEQUENTIAL takes no jobId');
      continue;
    }
    const other = jobId === undefined ? undefined : jobs.get(jobId);
    if (other === undefined) throw clientError(`dependsOn: the job ${jobId} does not exist`);
    if (type === 'N_TO_N' && other.arraySize !== size)
      throw clientError(`dependsOn: N_TO_N needs an array of ${size} children, which ${jobId} is not`);
  }
}
