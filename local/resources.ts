import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { CALLBACK_ATTEMPTS } from '../domain/callback/schedule.ts';
import { JOB_TABLE } from '../domain/job/table.ts';
import type { LocalQueue } from './sqs/server.ts';

/** The names of what the CDK stack makes on AWS. */
export const NAMES = {
  table: 'octet-jobs',
  jobQueue: 'octet-jobs',
  jobDefinition: 'octet-worker',
  packagingQueue: 'octet-packaging',
  packagingDefinition: 'octet-packager',
  callbackQueue: 'octet-callbacks',
  deadCallbackQueue: 'octet-callbacks-dead',
  submissionQueue: 'octet-submissions',
  deadSubmissionQueue: 'octet-submissions-dead',
  key: 'octet',
  callbackSecret: 'octet-callback-secret',
  bucket: 'octet-media',
  scratchBucket: 'octet-scratch',
} as const;

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

const indexes = Object.entries(JOB_TABLE.indexes);

const keyNames = [JOB_TABLE, ...Object.values(JOB_TABLE.indexes)].flatMap((each) => [
  each.partitionKey,
  each.sortKey,
]);

export const TABLE: CreateTableCommandInput = {
  TableName: NAMES.table,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keySchema(JOB_TABLE.partitionKey, JOB_TABLE.sortKey),
  AttributeDefinitions: [...new Set(keyNames)].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
  GlobalSecondaryIndexes: indexes.map(([IndexName, { partitionKey, sortKey }]) => ({
    IndexName,
    KeySchema: keySchema(partitionKey, sortKey),
    Projection: { ProjectionType: 'ALL' },
  })),
};

/** Six times the function's own limit: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const CALLBACK_VISIBILITY_S = 180;

/** How soon Batch is asked again that had no room for a job, and how often. */
const SUBMISSION_VISIBILITY_S = 10;
const SUBMISSION_ATTEMPTS = 1000;

export const QUEUES: readonly LocalQueue[] = [
  {
    name: NAMES.callbackQueue,
    visibilityTimeoutSeconds: CALLBACK_VISIBILITY_S,
    maxReceiveCount: CALLBACK_ATTEMPTS,
    deadLetterQueue: NAMES.deadCallbackQueue,
  },
  { name: NAMES.deadCallbackQueue, visibilityTimeoutSeconds: CALLBACK_VISIBILITY_S },
  {
    name: NAMES.submissionQueue,
    visibilityTimeoutSeconds: SUBMISSION_VISIBILITY_S,
    maxReceiveCount: SUBMISSION_ATTEMPTS,
    deadLetterQueue: NAMES.deadSubmissionQueue,
  },
  { name: NAMES.deadSubmissionQueue, visibilityTimeoutSeconds: SUBMISSION_VISIBILITY_S },
];
