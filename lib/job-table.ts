import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { JOB_TABLE } from '../domain/job/table.ts';
import type { Encryption } from './encryption.ts';

export interface JobTableProps {
  readonly encryption: Encryption;
}

type Access = 'create' | 'read' | 'update';
type IndexName = keyof typeof JOB_TABLE.indexes;

const ACTIONS: Readonly<Record<Access, readonly string[]>> = {
  create: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:DeleteItem'],
  read: ['dynamodb:Query'],
  update: ['dynamodb:UpdateItem'],
};

/** The one table, in which jobs are. It stays when the stack is deleted. */
export class JobTable extends Construct {
  readonly table: dynamodb.TableV2;
  readonly #encryption: Encryption;

  constructor(scope: Construct, id: string, { encryption }: JobTableProps) {
    super(scope, id);
    this.#encryption = encryption;
    const text = (name: string) => ({ name, type: dynamodb.AttributeType.STRING });
    this.table = new dynamodb.TableV2(this, 'Table', {
      partitionKey: text(JOB_TABLE.partitionKey),
      sortKey: text(JOB_TABLE.sortKey),
      timeToLiveAttribute: JOB_TABLE.timeToLive,
      globalSecondaryIndexes: Object.entries(JOB_TABLE.indexes).map(([indexName, index]) => ({
        indexName,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
      })),
      billing: dynamodb.Billing.onDemand(),
      encryption: dynamodb.TableEncryptionV2.customerManagedKey(encryption.dataKey),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Lets somebody do to jobs what it needs to, and no more: writes are conditional, so `update` alone reads nothing. */
  grant(grantee: iam.IGrantable, ...access: readonly Access[]): iam.Grant {
    // DynamoDB uses the table's key in the name of whoever asks it.
    this.#encryption.grantDataOf(grantee, 'dynamodb', 'kms:Decrypt', 'kms:DescribeKey');
    return iam.Grant.addToPrincipal({
      grantee,
      actions: access.flatMap((each) => ACTIONS[each]),
      resourceArns: [this.table.tableArn],
    });
  }

  /** Lets somebody find jobs by an index. */
  grantIndex(grantee: iam.IGrantable, index: IndexName): iam.Grant {
    this.#encryption.grantDataOf(grantee, 'dynamodb', 'kms:Decrypt', 'kms:DescribeKey');
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: [`${this.table.tableArn}/index/${index}`],
    });
  }
}
