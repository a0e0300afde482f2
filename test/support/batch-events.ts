/**
 * Events as AWS documents them, with our names:
 * https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html and
 * https://docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html
 */
export interface BatchEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Record<string, unknown>;
  readonly [field: string]: unknown;
}

const QUEUE = 'arn:aws:batch:us-east-1:123456789012:job-queue/octet';

export const QUEUES = [QUEUE];

export interface EventOptions {
  readonly jobName: string;
  readonly jobId?: string;
  readonly status?: string;
  readonly statusReason?: string;
  readonly jobQueue?: string;
  readonly attempts?: readonly object[];
  readonly arrayProperties?: object;
}

export const JOB_ID = '4c7599ae-0a82-49aa-ba5a-4727fcce14a8';

/** A whole event of one Batch job. */
export function stateChange({ jobName, ...options }: EventOptions): BatchEvent {
  const { jobId = JOB_ID, status = 'SUCCEEDED', jobQueue = QUEUE, attempts = [], ...rest } = options;
  return {
    version: '0',
    id: 'c8f9c4b5-76e5-d76a-f980-7011e206042b',
    'detail-type': 'Batch Job State Change',
    source: 'aws.batch',
    account: '123456789012',
    time: '2022-01-11T23:36:40Z',
    region: 'us-east-1',
    resources: [`arn:aws:batch:us-east-1:123456789012:job/${jobId}`],
    detail: {
      jobArn: `arn:aws:batch:us-east-1:123456789012:job/${jobId}`,
      jobName,
      jobId,
      jobQueue,
      status,
      ...rest,
      attempts,
      createdAt: 1641944200058,
      retryStrategy: { attempts: 3, evaluateOnExit: [] },
      dependsOn: [],
      jobDefinition: 'arn:aws:batch:us-east-1:123456789012:job-definition/octet-worker:1',
      parameters: {},
      container: {
        image: 'octet-worker',
        command: [],
        volumes: [],
        environment: [],
        mountPoints: [],
        ulimits: [],
      },
      tags: { resourceArn: `arn:aws:batch:us-east-1:123456789012:job/${jobId}` },
      propagateTags: false,
      platformCapabilities: [],
    },
  };
}

/** One attempt, as events list them. */
export const attempt = (fields: { exitCode?: number; reason?: string; statusReason?: string }) => ({
  container: {
    containerInstanceArn: 'arn:aws:ecs:us-east-1:123456789012:container-instance/2afc1fd4',
    taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/9a84e1b6',
    networkInterfaces: [],
    ...(fields.exitCode !== undefined && { exitCode: fields.exitCode }),
    ...(fields.reason !== undefined && { reason: fields.reason }),
    logStreamName: 'worker/default/9a84e1b6',
  },
  startedAt: 1641944200000,
  stoppedAt: 1641944300000,
  ...(fields.statusReason !== undefined && { statusReason: fields.statusReason }),
});
