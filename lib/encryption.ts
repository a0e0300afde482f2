import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PURPOSE_KEY, type SecretPurpose } from '../domain/job/secrets.ts';

/** The deployment's own keys. */
export class Encryption extends Construct {
  /** Encrypts the secrets that jobs bring with them. Who may encrypt with it may not decrypt, and the other way round. */
  readonly secretsKey: kms.Key;
  /** Encrypts what AWS stores for us: the table, queues, topics, logs and buckets. */
  readonly dataKey: kms.Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secretsKey = new kms.Key(this, 'SecretsKey', {
      description: 'Octet: secrets of jobs',
      enableKeyRotation: true,
      // Secrets are erased when their job ends, so nothing is lost with it.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.dataKey = new kms.Key(this, 'DataKey', {
      description: 'Octet: table, queues, logs and scratch',
      enableKeyRotation: true,
      // The table stays when the stack goes, and cannot be read without it.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#letServicesUseDataKey();
  }

  /** Lets somebody encrypt the secrets of jobs, and never read them again. */
  grantEncryptSecrets(grantee: iam.IGrantable): iam.Grant {
    const resourceArns = [this.secretsKey.keyArn];
    return iam.Grant.addToPrincipal({ grantee, actions: ['kms:Encrypt'], resourceArns });
  }

  /** Lets somebody decrypt the secrets of one purpose. */
  grantDecryptSecrets(grantee: iam.IGrantable, purpose: SecretPurpose): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt'],
      resourceArns: [this.secretsKey.keyArn],
      conditions: { StringEquals: { [`kms:EncryptionContext:${PURPOSE_KEY}`]: purpose } },
    });
  }

  /** Lets somebody use what an AWS service keeps encrypted with the data key. @param service such as `sqs` */
  grantDataOf(grantee: iam.IGrantable, service: string, ...actions: readonly string[]): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: [...actions],
      resourceArns: [this.dataKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` } },
    });
  }

  #letServicesUseDataKey(): void {
    const { region, partition, account } = Stack.of(this);
    const actions = [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncrypt*',
      'kms:GenerateDataKey*',
      'kms:DescribeKey',
    ];
    this.dataKey.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions,
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
          },
        },
      }),
    );
    this.dataKey.addToResourcePolicy(
      new iam.PolicyStatement({
        // Alarms publish to a topic, and rules send to a queue, that are encrypted with the key.
        principals: [
          new iam.ServicePrincipal('cloudwatch.amazonaws.com'),
          new iam.ServicePrincipal('events.amazonaws.com'),
        ],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
  }
}
