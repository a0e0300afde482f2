import { Duration, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { LAMBDA_ENV } from '../domain/environment.ts';
import type { Callbacks } from './callbacks.ts';
import type { OctetConfig } from './config.ts';
import type { Encryption } from './encryption.ts';
import type { JobTable } from './job-table.ts';
import { ServiceFunction } from './service-function.ts';
import type { Submissions } from './submissions.ts';
import type { TranscodingFleet } from './transcoding-fleet.ts';

export interface ReconciliationProps {
  readonly config: OctetConfig;
  readonly encryption: Encryption;
  readonly jobTable: JobTable;
  readonly fleet: TranscodingFleet;
  readonly callbacks: Callbacks;
  readonly submissions: Submissions;
}

/** Every minute, what somebody should have done for a job and did not is done. */
export class Reconciliation extends Construct {
  readonly reconcile: ServiceFunction;

  constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    const { config, encryption, jobTable, fleet, callbacks, submissions } = props;
    this.reconcile = new ServiceFunction(this, 'Reconcile', {
      functionName: 'reconcile-jobs',
      config,
      encryption,
      jobTable,
      environment: {
        ...fleet.environment,
        [LAMBDA_ENV.callbackQueueUrl]: callbacks.queue.queueUrl,
        [LAMBDA_ENV.submissionQueueUrl]: submissions.queue.queueUrl,
      },
      // Before the next one comes.
      timeout: Duration.seconds(50),
      reservedConcurrentExecutions: config.reserveConcurrency ? 1 : undefined,
    });
    jobTable.grant(this.reconcile, 'read', 'update');
    jobTable.grantIndex(this.reconcile, 'by_attention');
    callbacks.queue.grantSend(this.reconcile);
    submissions.queue.grantSend(this.reconcile);
    this.#grantDescribe();
    new events.Rule(this, 'EveryMinute', {
      description: 'Octet: overdue jobs are looked for',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      // The next turn does what this one did not.
      targets: [new targets.LambdaFunction(this.reconcile.function, { retryAttempts: 0 })],
    });
  }

  #grantDescribe(): void {
    iam.Grant.addToPrincipal({
      grantee: this.reconcile,
      actions: ['batch:DescribeJobs'],
      resourceArns: ['*'],
    });
    Validations.of(this.reconcile).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'batch:DescribeJobs has no resource level: AWS grants it for all Batch jobs or for none.',
    });
  }
}
