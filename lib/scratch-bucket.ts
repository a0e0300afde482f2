import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';

export interface ScratchBucketProps {
  readonly encryption: Encryption;
}

/** Where workers hand each other the pieces of a job. Nothing in it outlives a day, nor the stack. */
export class ScratchBucket extends Construct {
  readonly bucket: s3.Bucket;
  readonly #encryption: Encryption;

  constructor(scope: Construct, id: string, { encryption }: ScratchBucketProps) {
    super(scope, id);
    this.#encryption = encryption;
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: encryption.dataKey,
      // One request to KMS for many objects.
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        { expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Its objects are pieces that go within a day, and only workers can reach them.',
    });
  }

  /** Lets a role read, write and delete the pieces. */
  grant(role: iam.Role): void {
    this.#encryption.grantDataOf(role, 's3', 'kms:Decrypt', 'kms:GenerateDataKey');
    iam.Grant.addToPrincipal({
      grantee: role,
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      resourceArns: [this.bucket.arnForObjects('*')],
    });
    iam.Grant.addToPrincipal({
      grantee: role,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
    });
    const logicalId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as s3.CfnBucket);
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/*]`,
      reason: 'Its objects are the pieces of jobs to come, which nobody can list in advance.',
    });
  }
}
