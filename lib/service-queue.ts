import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';
import type { ServiceFunction } from './service-function.ts';

/** Of messages: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const LONGEST_RETENTION = Duration.days(14);

export interface ServiceQueueProps extends Pick<sqs.QueueProps, 'visibilityTimeout' | 'deadLetterQueue'> {
  readonly encryption: Encryption;
}

/** One of the SQS queues: encrypted, over TLS alone, and keeping messages for as long as it may. */
export class ServiceQueue extends sqs.Queue {
  readonly #encryption: Encryption;

  constructor(scope: Construct, id: string, { encryption, ...props }: ServiceQueueProps) {
    super(scope, id, {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: encryption.dataKey,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
      ...props,
    });
    this.#encryption = encryption;
  }

  /** Lets a function send messages. CDK's own grant would let it do more with the key than it needs to. */
  grantSend(grantee: ServiceFunction): void {
    this.grant(grantee, 'sqs:SendMessage');
    this.#encryption.grantDataOf(grantee, 'sqs', 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}
