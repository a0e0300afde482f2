import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { jobEndedPattern } from '../domain/batch/job-ended-event.ts';
import { CALLBACK_ATTEMPTS } from '../domain/callback/schedule.ts';
import { LAMBDA_ENV } from '../domain/environment.ts';
import type { OctetConfig } from './config.ts';
import type { Encryption } from './encryption.ts';
import type { JobTable } from './job-table.ts';
import { ServiceFunction } from './service-function.ts';
import { ServiceQueue } from './service-queue.ts';
import type { TranscodingFleet } from './transcoding-fleet.ts';

/** A delivery takes 15 s at most; several of them run at the same time. */
const DELIVER_TIMEOUT = Duration.seconds(30);

/** How many callbacks are delivered at once by as many functions, so that they leave room for the API. */
const DELIVERIES_AT_ONCE = 10;

export interface CallbacksProps {
  readonly config: OctetConfig;
  readonly encryption: Encryption;
  readonly jobTable: JobTable;
  readonly fleet: TranscodingFleet;
}

/** From the end of a Batch job to its owner: a rule settles the job, a queue holds its callback until it is delivered. */
export class Callbacks extends Construct {
  readonly rule: events.Rule;
  readonly queue: ServiceQueue;
  /** Callbacks that were tried as often as they may. */
  readonly deadCallbacks: ServiceQueue;
  /** Ends of Batch jobs that could not be settled. */
  readonly deadEvents: ServiceQueue;
  readonly settle: ServiceFunction;
  readonly deliver: ServiceFunction;
  /** Signs callbacks that bring no secret of their own. */
  readonly secret: secretsmanager.Secret;
  readonly #props: CallbacksProps;

  constructor(scope: Construct, id: string, props: CallbacksProps) {
    super(scope, id);
    this.#props = props;
    const { encryption } = props;
    this.secret = this.#newSecret();
    this.deadEvents = new ServiceQueue(this, 'DeadEvents', { encryption });
    Validations.of(this.deadEvents).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself where the events go that a rule and a function could not hand over.',
    });
    this.deadCallbacks = new ServiceQueue(this, 'DeadCallbacks', { encryption });
    this.queue = new ServiceQueue(this, 'Queue', {
      encryption,
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(6 * DELIVER_TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: this.deadCallbacks, maxReceiveCount: CALLBACK_ATTEMPTS },
    });
    this.settle = this.#newSettle();
    this.deliver = this.#newDeliver();
    this.rule = new events.Rule(this, 'JobEnded', {
      description: 'Octet: a Batch job has ended',
      eventPattern: patternOf(props.fleet),
      targets: [new targets.LambdaFunction(this.settle.function, { deadLetterQueue: this.deadEvents })],
    });
  }

  #newSettle(): ServiceFunction {
    const { jobTable, fleet } = this.#props;
    const settle = this.#newFunction('Settle', 'settle-job', {});
    for (const [name, value] of Object.entries(fleet.environment))
      settle.function.addEnvironment(name, value);
    settle.function.configureAsyncInvoke({
      retryAttempts: 2,
      // CDK's own destination would let the function do more with the queue and its key than it needs to.
      onFailure: { bind: () => ({ destination: this.deadEvents.queueArn }) },
    });
    jobTable.grant(settle, 'read', 'update');
    fleet.grantTerminate(settle);
    this.queue.grantSend(settle);
    this.deadEvents.grantSend(settle);
    return settle;
  }

  #newDeliver(): ServiceFunction {
    const { jobTable, encryption, config } = this.#props;
    const deliver = this.#newFunction('Deliver', 'deliver-callback', {
      timeout: DELIVER_TIMEOUT,
      reservedConcurrentExecutions: config.reserveConcurrency ? DELIVERIES_AT_ONCE : undefined,
    });
    deliver.function.addEnvironment(LAMBDA_ENV.keyId, encryption.secretsKey.keyArn);
    deliver.function.addEnvironment(LAMBDA_ENV.callbackSecretId, this.secret.secretArn);
    deliver.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        maxConcurrency: DELIVERIES_AT_ONCE,
        reportBatchItemFailures: true,
      }),
    );
    jobTable.grant(deliver, 'read', 'update');
    encryption.grantDecryptSecrets(deliver, 'callback');
    this.secret.grantRead(deliver);
    return deliver;
  }

  #newFunction(
    id: string,
    functionName: 'settle-job' | 'deliver-callback',
    props: { readonly timeout?: Duration; readonly reservedConcurrentExecutions?: number | undefined },
  ): ServiceFunction {
    const environment = { [LAMBDA_ENV.callbackQueueUrl]: this.queue.queueUrl };
    return new ServiceFunction(this, id, { ...this.#props, functionName, environment, ...props });
  }

  #newSecret(): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, 'Secret', {
      description: 'Octet: signs callbacks (Standard Webhooks)',
      encryptionKey: this.#props.encryption.dataKey,
      // Letters and digits, four by four, are base64, which the secrets of Standard Webhooks are.
      generateSecretString: { passwordLength: 44, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Receivers hold the same secret, so its owner rotates it when they are ready; both are valid meanwhile.',
    });
    return secret;
  }
}

function patternOf(fleet: TranscodingFleet): events.EventPattern {
  const { 'detail-type': detailType, ...pattern } = jobEndedPattern(fleet.queueArns);
  return { ...pattern, detailType };
}
