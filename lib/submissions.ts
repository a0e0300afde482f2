import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { LAMBDA_ENV } from '../domain/environment.ts';
import type { Callbacks } from './callbacks.ts';
import type { OctetConfig } from './config.ts';
import type { Encryption } from './encryption.ts';
import type { JobTable } from './job-table.ts';
import { ServiceFunction } from './service-function.ts';
import { ServiceQueue } from './service-queue.ts';
import type { TranscodingFleet } from './transcoding-fleet.ts';

const SUBMIT_TIMEOUT = Duration.seconds(30);

/** The least that SQS can be told. Each submits at most 20 jobs a second, and Batch takes 50 of an account. */
const SUBMITTERS = 2;

/** A message is received again as long as Batch has no room, for days if it must be. */
const ATTEMPTS = 1000;

export interface SubmissionsProps {
  readonly config: OctetConfig;
  readonly encryption: Encryption;
  readonly jobTable: JobTable;
  readonly fleet: TranscodingFleet;
  readonly callbacks: Callbacks;
}

/** Where jobs wait that Batch had no room for when they were created, and the function that submits them. */
export class Submissions extends Construct {
  readonly queue: ServiceQueue;
  readonly deadSubmissions: ServiceQueue;
  readonly submit: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    { config, encryption, jobTable, fleet, callbacks }: SubmissionsProps,
  ) {
    super(scope, id);
    this.deadSubmissions = new ServiceQueue(this, 'Dead', { encryption });
    this.queue = new ServiceQueue(this, 'Queue', {
      encryption,
      visibilityTimeout: Duration.seconds(6 * SUBMIT_TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: this.deadSubmissions, maxReceiveCount: ATTEMPTS },
    });
    this.submit = new ServiceFunction(this, 'Submit', {
      functionName: 'submit-job',
      config,
      encryption,
      jobTable,
      environment: {
        ...fleet.environment,
        [LAMBDA_ENV.callbackQueueUrl]: callbacks.queue.queueUrl,
      },
      timeout: SUBMIT_TIMEOUT,
      reservedConcurrentExecutions: config.reserveConcurrency ? SUBMITTERS : undefined,
    });
    this.submit.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        maxConcurrency: SUBMITTERS,
        reportBatchItemFailures: true,
      }),
    );
    jobTable.grant(this.submit, 'read', 'update');
    fleet.grantSubmit(this.submit);
    callbacks.queue.grantSend(this.submit);
  }
}
